// SPDX-License-Identifier: MIT
#include "engine/analysis/discovery_rates.h"

#include <algorithm>
#include <numeric>

namespace halo {

std::vector<double> DiscoveryRates(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] > p_values[b]; });
  std::vector<double> rates(p_values.size());
  double least = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto rank = static_cast<double>(order.size() - i);
    least = std::min(least, p_values[order[i]] * static_cast<double>(order.size()) / rank);
    rates[order[i]] = least;
  }
  return rates;
}

}  // namespace halo
