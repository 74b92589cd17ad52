// SPDX-License-Identifier: MIT
#include "engine/analysis/false_discoveries.h"

#include <catch2/catch.hpp>
#include <vector>

#include "engine/analysis/rank_sum.h"

namespace halo {
namespace {

TEST_CASE("discoveries follow the example of Benjamini and Hochberg") {
  // Their section 3.2: 15 endpoints of a trial of thrombolysis; four are significant.
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0};
  const std::vector<bool> found = Discoveries(p, 0.05);
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(found[i] == (i < 4));
  CHECK(Discoveries({}, 0.05).empty());
  // In any order; one below its own limit carries those before it.
  CHECK(Discoveries(std::vector<double>{0.05, 0.9, 0.03, 0.02}, 0.1) ==
        std::vector<bool>{true, false, true, true});
}

TEST_CASE("a rise in one stratum is tested by Fisher's exact test") {
  // The lady tasting tea: 3 of 4 right among 8 cups, and all of them.
  CHECK(RiseProbability(std::vector<BeforeAfter>{{1, 4, 3, 4}}) == Approx(17.0 / 70));
  CHECK(RiseProbability(std::vector<BeforeAfter>{{0, 4, 4, 4}}) == Approx(1.0 / 70));
  CHECK(RiseProbability(std::vector<BeforeAfter>{{4, 4, 0, 4}}) == Approx(1));
  CHECK(RiseProbability(std::vector<BeforeAfter>{{0, 0, 4, 4}}) == 1);
  CHECK(RiseProbability(std::vector<BeforeAfter>{{0, 10, 0, 10}}) == 1);
}

TEST_CASE("a rise over strata compares like with like") {
  // Each task fails as often as before; only the mix of tasks changed.
  const std::vector<BeforeAfter> same = {{18, 20, 54, 60}, {2, 60, 1, 20}};
  CHECK(RiseProbability(same) > 0.3);
  CHECK(RiseProbability(std::vector<BeforeAfter>{{20, 80, 55, 80}}) < 0.001);
  const std::vector<BeforeAfter> worse = {{2, 20, 15, 20}, {1, 20, 9, 20}};
  CHECK(RiseProbability(worse) < 0.001);
  CHECK(RiseProbability({}) == 1);
}

TEST_CASE("amounts are compared by their ranks") {
  std::vector<std::int64_t> low, high;
  for (std::int64_t i = 0; i < 20; ++i) {
    low.push_back(i);
    high.push_back(i + 15);
  }
  CHECK(RankSumProbability(low, high) < 0.001);
  CHECK(RankSumProbability(low, low) == Approx(1));
  CHECK(RankSumProbability(low, std::vector<std::int64_t>(4, 100)) == 1);
  CHECK(RankSumProbability(std::vector<std::int64_t>(9, 3), std::vector<std::int64_t>(9, 3)) == 1);
  // Mann and Whitney without ties: n = 5 and 5, U = 4, z = 1.775.
  CHECK(RankSumProbability(std::vector<std::int64_t>{1, 2, 3, 5, 8},
                           std::vector<std::int64_t>{4, 6, 7, 9, 10}) ==
        Approx(0.0758).margin(1e-3));
}

}  // namespace
}  // namespace halo
