// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <random>

#include "engine/analysis/bootstrap.h"
#include "engine/analysis/discovery_rates.h"
#include "engine/analysis/fisher.h"
#include "engine/analysis/newcombe.h"
#include "engine/analysis/permutation.h"
#include "engine/analysis/stratified_ratio.h"
#include "engine/analysis/total_variation.h"

namespace halo {
namespace {

TEST_CASE("the interval of a difference agrees with the table of Newcombe's paper") {
  const auto check = [](ShareTrials a, ShareTrials b, double low, double high) {
    const DifferenceInterval interval = NewcombeInterval(a, b);
    CHECK(interval.low == Approx(low).margin(0.0001));
    CHECK(interval.high == Approx(high).margin(0.0001));
  };
  check({56, 70}, {48, 80}, 0.0524, 0.3339);
  check({9, 10}, {3, 10}, 0.1705, 0.8090);
  check({10, 10}, {0, 10}, 0.6075, 1.0);
  const DifferenceInterval nothing = NewcombeInterval({1, 2}, {0, 0});
  CHECK(nothing.low == -1);
  CHECK(nothing.high == 1);
}

TEST_CASE("a design effect widens the interval of a difference") {
  const DifferenceInterval plain = NewcombeInterval({56, 70}, {48, 80});
  const DifferenceInterval wide = NewcombeInterval({56, 70, 4}, {48, 80, 4});
  CHECK(wide.difference == plain.difference);
  CHECK(wide.low < 0);
  CHECK(wide.high > plain.high);
}

TEST_CASE("Fisher's exact test") {
  CHECK(FisherExact(3, 4, 1, 4) == Approx(0.485714));  // the lady tasting tea, two-sided
  CHECK(FisherExact(1, 10, 11, 14) == Approx(0.0027594562));
  CHECK(FisherExact(0, 10, 0, 10) == 1);
  CHECK(FisherExact(0, 0, 3, 10) == 1);
  CHECK(FisherExact(5, 10, 5, 10) == Approx(1));
}

TEST_CASE("rates of false discoveries") {
  const std::vector<double> p = {0.04, 0.01, 0.5, 0.02};
  const std::vector<double> q = DiscoveryRates(p);
  CHECK(q[0] == Approx(0.04 * 4 / 3));
  CHECK(q[1] == Approx(0.04));
  CHECK(q[2] == Approx(0.5));
  CHECK(q[3] == Approx(0.04));
  CHECK(DiscoveryRates({}).empty());
}

TEST_CASE("total variation") {
  CHECK(TotalVariation({{"x", 5}, {"y", 5}}, {{"x", 50}, {"y", 50}}) == 0);
  CHECK(TotalVariation({{"x", 1}}, {{"y", 1}}) == 1);
  CHECK(TotalVariation({{"x", 3}, {"y", 1}}, {{"x", 1}, {"y", 3}}) == Approx(0.5));
  CHECK(TotalVariation({}, {{"y", 1}}) == 0);
}

TEST_CASE("a ratio over strata is not fooled by their sizes") {
  // In each stratum the shares are equal; side a has more of the long runs.
  const std::vector<ShareStratum> strata = {{2, 20, 8, 80}, {40, 80, 10, 20}};
  const ShareRatio ratio = StratifiedRatio(strata, 1);
  CHECK(ratio.ratio == Approx(1));
  CHECK(ratio.low < 1);
  CHECK(ratio.high > 1);
  // One stratum: the crude ratio; the interval of the log by hand.
  const std::vector<ShareStratum> one = {{20, 100, 10, 100}};
  const ShareRatio crude = StratifiedRatio(one, 1);
  CHECK(crude.ratio == Approx(2));
  const double error = std::sqrt(1.0 / 20 - 1.0 / 100 + 1.0 / 10 - 1.0 / 100);
  CHECK(crude.low == Approx(2 * std::exp(-1.959964 * error)).epsilon(0.001));
  CHECK(StratifiedRatio(one, 4).low < crude.low);
  CHECK(StratifiedRatio(std::vector<ShareStratum>{{3, 10, 0, 10}}, 1).high < 1e6);
}

// Runs as blocks: `hits` of them; each block is one run unless `size` says otherwise.
struct Blocks {
  std::vector<PermutedBlock> sides;
  std::vector<BlockCount> trials, hits;

  void Add(bool in_a, std::int64_t size, std::int64_t hit, std::uint32_t group = 0) {
    const auto block = static_cast<std::uint32_t>(sides.size());
    sides.push_back({group, in_a});
    trials.push_back({block, 0, size});
    if (hit > 0) hits.push_back({block, 0, hit});
  }
  double Probability() const {
    const Permutations permutations(sides);
    return permutations.Probability(hits, permutations.Count(trials));
  }
};

TEST_CASE("without clusters, permutations agree with Fisher's exact test") {
  for (const auto& [in_a, in_b] : {std::pair(12, 5), std::pair(9, 8), std::pair(15, 2)}) {
    Blocks blocks;
    for (int i = 0; i < 20; ++i) blocks.Add(true, 1, i < in_a);
    for (int i = 0; i < 20; ++i) blocks.Add(false, 1, i < in_b);
    const double exact = FisherExact(in_a, 20, in_b, 20);
    CHECK(blocks.Probability() == Approx(exact).margin(0.01).epsilon(0.35));
    CHECK(blocks.Probability() == blocks.Probability());
  }
}

TEST_CASE("two clusters a side prove nothing, however many runs they have") {
  Blocks blocks;
  for (int i = 0; i < 2; ++i) blocks.Add(true, 50, 50);
  for (int i = 0; i < 2; ++i) blocks.Add(false, 50, 0);
  CHECK(FisherExact(100, 100, 0, 100) < 1e-9);
  CHECK(blocks.Probability() > 0.2);
}

TEST_CASE("within tasks only runs of the same task change sides") {
  // Task 1 always shows it and is mostly in a, task 2 never: the task says it all.
  Blocks within, across;
  for (int i = 0; i < 20; ++i) {
    const bool of_first = i < 16;
    within.Add(true, 1, of_first, of_first ? 1 : 2);
    across.Add(true, 1, of_first);
    within.Add(false, 1, !of_first, !of_first ? 1 : 2);
    across.Add(false, 1, !of_first);
  }
  CHECK(across.Probability() < 0.01);
  CHECK(within.Probability() == 1);
  Blocks none;
  none.Add(true, 1, 1, 1);
  none.Add(false, 1, 0, 2);
  CHECK(none.Probability() == 1);
}

TEST_CASE("with clustered runs and no difference, few permutation tests find one") {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> chance(0, 1);
  int found = 0, found_by_fisher = 0;
  for (int round = 0; round < 200; ++round) {
    Blocks blocks;
    std::int64_t hits[2] = {0, 0};
    for (int cluster = 0; cluster < 20; ++cluster) {
      const double share = chance(random);
      std::int64_t hit = 0;
      for (int run = 0; run < 8; ++run) hit += chance(random) < share;
      blocks.Add(cluster % 2 == 0, 8, hit);
      hits[cluster % 2] += hit;
    }
    found += blocks.Probability() <= 0.05;
    found_by_fisher += FisherExact(hits[0], 80, hits[1], 80) <= 0.05;
  }
  CHECK(found <= 20);            // 10 expected
  CHECK(found_by_fisher >= 40);  // what the clusters would do
}

TEST_CASE("the ratio of medians has an interval from 20 clusters on") {
  std::mt19937 random(5);
  const auto values = [&](std::uint32_t clusters, std::int64_t around, std::uint32_t from = 0) {
    std::vector<ClusteredValue> out;
    for (std::uint32_t c = 0; c < clusters; ++c) {
      for (int run = 0; run < 4; ++run) {
        out.push_back({from + c, around + static_cast<std::int64_t>(random() % 200)});
      }
    }
    return out;
  };
  CHECK_FALSE(RatioOfMedians(values(19, 1000), values(40, 1000, 100)).has_value());
  const auto same = RatioOfMedians(values(30, 1000), values(30, 1000, 100));
  REQUIRE(same.has_value());
  CHECK(same->low < 1);
  CHECK(same->high > 1);
  const auto twice = RatioOfMedians(values(30, 2000), values(30, 1000, 100));
  REQUIRE(twice.has_value());
  CHECK(twice->low > 1.7);
  CHECK(twice->high < 2.2);
  CHECK(MedianOf({{0, 3}, {1, 1}, {2, 2}}) == 2);
  CHECK(MedianOf({{0, 4}, {1, 1}, {2, 2}, {3, 3}}) == 2);
  CHECK(MedianOf({}) == 0);
}

}  // namespace
}  // namespace halo
