// SPDX-License-Identifier: MIT
#include "engine/analysis/clustered_share.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

namespace halo {
namespace {

// Clusters of 1 to `most` runs. With probability `tie` a run does what its cluster does, which
// makes the correlation tie^2.
struct Draw {
  std::vector<ClusterCount> clusters;
  std::int64_t hits = 0, trials = 0;
};

Draw DrawClusters(std::mt19937& random, int clusters, int most, double share, double tie) {
  std::bernoulli_distribution hit(share), tied(tie);
  std::uniform_int_distribution<int> size_of(1, most);
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counts;
  Draw draw;
  for (int i = 0; i < clusters; ++i) {
    const int size = size_of(random);
    const bool common = hit(random);
    std::int64_t hits = 0;
    for (int run = 0; run < size; ++run) hits += tied(random) ? common : hit(random);
    ++counts[{size, hits}];
    draw.hits += hits;
    draw.trials += size;
  }
  for (const auto& [key, count] : counts) {
    draw.clusters.push_back({key.first, key.second, count});
  }
  return draw;
}

}  // namespace

// Twelve clusters of two by hand: among = 0.5, within = 0, so the correlation is 1 and two runs of
// a cluster count as one.
TEST_CASE("clusters whose runs all agree count once") {
  const std::vector<ClusterCount> clusters = {{2, 2, 6}, {2, 0, 6}};
  CHECK(IntraclassCorrelation(clusters) == Approx(1.0));
  CHECK(DesignEffect(clusters) == Approx(2.0));
  const ShareInterval clustered = ClusteredInterval(12, 24, clusters);
  const ShareInterval independent = WilsonInterval(6, 12);
  CHECK(clustered.low == Approx(independent.low));
  CHECK(clustered.high == Approx(independent.high));
}

// By hand: 10 clusters of 4, five with 1 hit and five with 3. between = 5/4 + 45/4 = 12.5;
// among = (12.5 - 10) / 9 = 0.2778, within = (20 - 12.5) / 30 = 0.25, n0 = 4:
// ICC = 0.0278 / (0.2778 + 0.75) = 0.0270, deff = 1 + 3 * ICC = 1.0811.
TEST_CASE("the correlation is that of the analysis of variance") {
  const std::vector<ClusterCount> clusters = {{4, 1, 5}, {4, 3, 5}};
  CHECK(IntraclassCorrelation(clusters) == Approx(1.0 / 37).epsilon(1e-9));
  CHECK(DesignEffect(clusters) == Approx(1 + 3.0 / 37).epsilon(1e-9));
}

TEST_CASE("runs that differ within clusters more than between them do not narrow the interval") {
  CHECK(IntraclassCorrelation(std::vector<ClusterCount>{{2, 1, 20}}) == 0);
  CHECK(DesignEffect(std::vector<ClusterCount>{{2, 1, 20}}) == 1);
}

TEST_CASE("few clusters are taken to be correlated by 0.3") {
  const std::vector<ClusterCount> nine = {{3, 1, 9}};
  CHECK(IntraclassCorrelation(nine) == Approx(0.3));
  CHECK(DesignEffect(nine) == Approx(1 + 2 * 0.3));
  // Unequal sizes: sum of m^2 / sum of m = (64 + 4) / 10 = 6.8.
  CHECK(DesignEffect(std::vector<ClusterCount>{{8, 0, 1}, {2, 2, 1}}) == Approx(1 + 5.8 * 0.3));
}

TEST_CASE("runs on their own and no runs have no design effect") {
  CHECK(DesignEffect({}) == 1);
  CHECK(DesignEffect(std::vector<ClusterCount>{{1, 0, 5}, {1, 1, 3}}) == 1);
  CHECK(DesignEffect(std::vector<ClusterCount>{{1, 0, 50}, {1, 1, 30}}) == 1);
  // All runs or none show it: no variance.
  CHECK(DesignEffect(std::vector<ClusterCount>{{5, 5, 20}}) == 1);
  CHECK(ClusteredInterval(0, 0, {}).high == 1);
}

TEST_CASE("the interval holds the true share in 95 of 100 simulated stores, clustered or not") {
  constexpr int kStores = 2000;
  constexpr double kShare = 0.3;
  for (const double tie : {0.0, 0.5, 0.8, 1.0}) {
    std::mt19937 random(20);
    int holds = 0, plain_holds = 0;
    double correlation = 0;
    for (int store = 0; store < kStores; ++store) {
      const Draw draw = DrawClusters(random, 60, 9, kShare, tie);
      const ShareInterval clustered = ClusteredInterval(draw.hits, draw.trials, draw.clusters);
      const ShareInterval plain = WilsonInterval(draw.hits, draw.trials);
      holds += clustered.low <= kShare && kShare <= clustered.high;
      plain_holds += plain.low <= kShare && kShare <= plain.high;
      correlation += IntraclassCorrelation(draw.clusters) / kStores;
    }
    CAPTURE(tie, correlation, holds, plain_holds);
    CHECK(holds >= 0.92 * kStores);
    CHECK(holds <= 0.99 * kStores);
    CHECK(correlation == Approx(tie * tie).margin(0.04));
    // What the correction is for.
    if (tie >= 0.8) CHECK(plain_holds < 0.8 * kStores);
  }
}

}  // namespace halo
