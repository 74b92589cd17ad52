// SPDX-License-Identifier: MIT
#include "engine/analysis/finite_share.h"

#include <algorithm>
#include <cmath>

namespace halo {
namespace {

constexpr double kTail = 0.025;

double LogChoose(std::int64_t n, std::int64_t k) {
  const auto x = static_cast<double>(n), y = static_cast<double>(k);
  return std::lgamma(x + 1) - std::lgamma(y + 1) - std::lgamma(x - y + 1);
}

// The probability of at most `hits` in a sample from a population with `have`.
double AtMost(std::int64_t hits, std::int64_t drawn, std::int64_t have, std::int64_t population) {
  const double all = LogChoose(population, drawn);
  double sum = 0;
  for (std::int64_t k = std::max<std::int64_t>(0, drawn - (population - have));
       k <= std::min({hits, drawn, have}); ++k) {
    sum += std::exp(LogChoose(have, k) + LogChoose(population - have, drawn - k) - all);
  }
  return std::min(1.0, sum);
}

// The largest number in the population with which so few hits are not too improbable.
std::int64_t MostThatHave(std::int64_t hits, std::int64_t drawn, std::int64_t population) {
  std::int64_t low = hits, high = population - (drawn - hits);
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (AtMost(hits, drawn, middle, population) > kTail) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

}  // namespace

ShareInterval FiniteShareInterval(std::int64_t hits, std::int64_t drawn, std::int64_t population) {
  if (drawn <= 0) return {};
  population = std::max(population, drawn);
  hits = std::clamp<std::int64_t>(hits, 0, drawn);
  // The lower bound is the upper bound of those without the property, from the other side.
  const auto all = static_cast<double>(population);
  return {1 - static_cast<double>(MostThatHave(drawn - hits, drawn, population)) / all,
          static_cast<double>(MostThatHave(hits, drawn, population)) / all};
}

}  // namespace halo
