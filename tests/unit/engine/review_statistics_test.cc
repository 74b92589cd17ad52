// SPDX-License-Identifier: MIT
// Shares of a finite population, the chance of a new category, and agreement: their values, and by
// simulation that their intervals cover the truth as often as they say.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <vector>

#include "engine/analysis/agreement.h"
#include "engine/analysis/finite_share.h"
#include "engine/analysis/new_category.h"

namespace halo {
namespace {

constexpr int kDraws = 2000;
// What a true coverage of 95 % gives in at least 999 of 1000 simulations of kDraws.
constexpr double kLowest = 0.935;

}  // namespace

TEST_CASE("the interval of a share narrows to it as the population is read") {
  const ShareInterval some = FiniteShareInterval(5, 30, 240);
  CHECK(some.low == Approx(15.0 / 240));
  CHECK(some.high == Approx(80.0 / 240));
  const ShareInterval all = FiniteShareInterval(12, 240, 240);
  CHECK(all.low == Approx(0.05));
  CHECK(all.high == Approx(0.05));
  const ShareInterval none = FiniteShareInterval(0, 30, 1'000'000);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.1157).margin(1e-3));  // Clopper and Pearson
  CHECK(FiniteShareInterval(0, 0, 100).high == 1);
  CHECK(FiniteShareInterval(3, 10, 4).low == Approx(0.3));
}

TEST_CASE("the interval of a share covers it") {
  std::mt19937_64 random(1);
  for (const int population : {40, 240}) {
    for (const int have : {1, 6, 20}) {
      for (const int drawn : {10, 30}) {
        std::vector<int> runs(static_cast<std::size_t>(population), 0);
        std::fill_n(runs.begin(), have, 1);
        const double share = static_cast<double>(have) / population;
        int covered = 0;
        for (int i = 0; i < kDraws; ++i) {
          std::shuffle(runs.begin(), runs.end(), random);
          const auto hits = std::count(runs.begin(), runs.begin() + drawn, 1);
          const ShareInterval interval = FiniteShareInterval(hits, drawn, population);
          covered += interval.low <= share + 1e-12 && share <= interval.high + 1e-12;
        }
        INFO(have << " of " << population << ", " << drawn << " drawn");
        CHECK(static_cast<double>(covered) / kDraws >= kLowest);
      }
    }
  }
}

TEST_CASE("runs with a category of their own tell how likely a new one is") {
  const std::vector<std::vector<std::uint64_t>> runs = {{1}, {1, 2}, {}, {3, 4}, {}, {1}, {}, {}};
  const NewCategoryChance chance = ChanceOfNewCategory(runs);
  CHECK(chance.chance == Approx(0.25));  // the runs with 2, and with 3 and 4
  CHECK(chance.at_most > 0.25);
  CHECK(ChanceOfNewCategory({}).at_most == 1);
  const std::vector<std::vector<std::uint64_t>> good(60);
  CHECK(ChanceOfNewCategory(good).chance == 0);
  CHECK(ChanceOfNewCategory(good).at_most < 0.07);
}

TEST_CASE("the chance of a new category is at most what is said") {
  const auto falling = [](double first, int count) {
    std::vector<double> shares;
    for (int i = 0; i < count; ++i) shares.push_back(first / (i + 1));
    return shares;
  };
  const std::vector<std::vector<double>> worlds = {
      {0.2, 0.1, 0.05, 0.02}, falling(0.4, 40),        falling(0.2, 100),
      std::vector(50, 0.02),  std::vector(200, 0.005), std::vector(20, 0.05),
      std::vector(5, 0.002),  std::vector<double>{0.3}};
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> part(0, 1);
  for (std::size_t w = 0; w < worlds.size(); ++w) {
    for (const int n : {10, 30, 60}) {
      int covered = 0;
      for (int i = 0; i < kDraws; ++i) {
        std::vector<std::vector<std::uint64_t>> runs(static_cast<std::size_t>(n));
        std::set<std::uint64_t> seen;
        for (auto& run : runs) {
          for (std::size_t c = 0; c < worlds[w].size(); ++c) {
            if (part(random) < worlds[w][c]) run.push_back(c);
          }
          seen.insert(run.begin(), run.end());
        }
        double no_new = 1;
        for (std::size_t c = 0; c < worlds[w].size(); ++c) {
          if (!seen.contains(c)) no_new *= 1 - worlds[w][c];
        }
        covered += 1 - no_new <= ChanceOfNewCategory(runs).at_most;
      }
      INFO("world " << w << ", " << n << " runs");
      CHECK(static_cast<double>(covered) / kDraws >= kLowest);
    }
  }
}

TEST_CASE("agreement beyond chance") {
  const Kappa half = IntraclassKappa({10, 10, 20});
  REQUIRE(half.known);
  CHECK(half.value == Approx(1 - 10 / (2 * 40 * 0.375 * 0.625)));
  CHECK(half.low < half.value);
  CHECK(half.high > half.value);
  CHECK(IntraclassKappa({20, 0, 20}).value == 1);
  CHECK(IntraclassKappa({20, 0, 20}).high == 1);
  CHECK_FALSE(IntraclassKappa({0, 0, 40}).known);  // nothing was bad
  CHECK_FALSE(IntraclassKappa({5, 3, 6}).known);   // too few
}

TEST_CASE("the interval of kappa covers it") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> part(0, 1);
  for (const double bad : {0.3, 0.5}) {
    for (const double kappa : {0.2, 0.5, 0.8}) {
      for (const int n : {25, 60}) {
        int covered = 0, known = 0;
        for (int i = 0; i < kDraws; ++i) {
          ReadTwice readings;
          for (int run = 0; run < n; ++run) {
            const double at = part(random);
            const double both = bad * bad + bad * (1 - bad) * kappa;
            const double one = 2 * bad * (1 - bad) * (1 - kappa);
            ++(at < both ? readings.both : at < both + one ? readings.one : readings.neither);
          }
          const Kappa answer = IntraclassKappa(readings);
          if (!answer.known) continue;
          ++known;
          covered += answer.low <= kappa && kappa <= answer.high;
        }
        INFO("kappa " << kappa << ", " << n << " runs, " << bad << " bad");
        CHECK(known > kDraws * 9 / 10);
        CHECK(static_cast<double>(covered) / known >= kLowest);
      }
    }
  }
}

}  // namespace halo
