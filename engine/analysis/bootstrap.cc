// SPDX-License-Identifier: MIT
#include "engine/analysis/bootstrap.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/hash.h"

namespace halo {
namespace {

constexpr std::size_t kResamples = 1000;
constexpr std::uint64_t kSeed = 0x68616c6f;  // any number

void Sort(std::vector<ClusteredValue>& values) {
  std::sort(values.begin(), values.end(), [](const ClusteredValue& x, const ClusteredValue& y) {
    return std::pair(x.value, x.cluster) < std::pair(y.value, y.cluster);
  });
}

std::size_t ClustersOf(const std::vector<ClusteredValue>& values) {
  std::vector<std::uint32_t> clusters;
  for (const ClusteredValue& each : values) clusters.push_back(each.cluster);
  std::sort(clusters.begin(), clusters.end());
  return static_cast<std::size_t>(std::unique(clusters.begin(), clusters.end()) - clusters.begin());
}

// The median if each value counts as often as its cluster was drawn; -1 if no value was.
std::int64_t WeightedMedian(const std::vector<ClusteredValue>& sorted,
                            const std::vector<std::uint32_t>& weight_of) {
  std::uint64_t all = 0;
  for (const ClusteredValue& each : sorted) all += weight_of[each.cluster];
  if (all == 0) return -1;
  const std::uint64_t middle = (all + 1) / 2;
  std::uint64_t seen = 0;
  for (const ClusteredValue& each : sorted) {
    seen += weight_of[each.cluster];
    if (seen >= middle) return each.value;
  }
  return sorted.back().value;
}

}  // namespace

std::int64_t MedianOf(std::vector<ClusteredValue> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(
      values.begin(), middle, values.end(),
      [](const ClusteredValue& x, const ClusteredValue& y) { return x.value < y.value; });
  return middle->value;
}

std::optional<MedianRatio> RatioOfMedians(std::vector<ClusteredValue> a,
                                          std::vector<ClusteredValue> b) {
  if (ClustersOf(a) < kFewestClusters || ClustersOf(b) < kFewestClusters) return std::nullopt;
  if (MedianOf(b) == 0) return std::nullopt;
  Sort(a);
  Sort(b);
  std::vector<std::uint32_t> clusters;
  for (const std::vector<ClusteredValue>* side : {&a, &b}) {
    for (const ClusteredValue& each : *side) clusters.push_back(each.cluster);
  }
  std::sort(clusters.begin(), clusters.end());
  clusters.erase(std::unique(clusters.begin(), clusters.end()), clusters.end());
  std::vector<std::uint32_t> weight_of(clusters.back() + std::size_t{1});
  std::vector<double> ratios;
  std::uint64_t state = kSeed;
  for (std::size_t i = 0; i < kResamples; ++i) {
    std::fill(weight_of.begin(), weight_of.end(), 0);
    for (std::size_t drawn = 0; drawn < clusters.size(); ++drawn) {
      state = MixHash(state, drawn + 1);
      ++weight_of[clusters[static_cast<std::size_t>(state % clusters.size())]];
    }
    const std::int64_t of_a = WeightedMedian(a, weight_of), of_b = WeightedMedian(b, weight_of);
    if (of_a < 0 || of_b < 0) continue;  // no run of a side was drawn
    ratios.push_back(of_b == 0 ? std::numeric_limits<double>::infinity()
                               : static_cast<double>(of_a) / static_cast<double>(of_b));
  }
  if (ratios.size() < kResamples / 2) return std::nullopt;
  std::sort(ratios.begin(), ratios.end());
  const auto at = [&](double share) {
    return ratios[static_cast<std::size_t>(share * static_cast<double>(ratios.size() - 1))];
  };
  return MedianRatio{at(0.025), at(0.975)};
}

}  // namespace halo
