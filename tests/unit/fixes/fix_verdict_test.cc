// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_verdict.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace halo {
namespace {

FixSample Sample(std::int64_t hits_before, std::int64_t before, std::int64_t hits_after,
                 std::int64_t after) {
  FixSample sample;
  sample.before.Add(1, hits_before);
  sample.before.Add(0, before - hits_before);
  sample.after.Add(1, hits_after);
  sample.after.Add(0, after - hits_after);
  sample.affected_after = hits_after;
  return sample;
}

Verdict VerdictOf(const FixSample& sample) { return CompareFix(sample).verdict; }

TEST_CASE("verdicts follow the interval of the ratio") {
  CHECK(VerdictOf(Sample(40, 100, 0, 100)) == Verdict::kFixed);
  CHECK(VerdictOf(Sample(40, 100, 5, 100)) == Verdict::kImproved);
  CHECK(VerdictOf(Sample(20, 100, 70, 100)) == Verdict::kWorse);
  CHECK(VerdictOf(Sample(40, 100, 35, 100)) == Verdict::kInconclusive);
  CHECK(VerdictOf(Sample(4000, 10000, 4000, 10000)) == Verdict::kUnchanged);
  CHECK(VerdictOf(Sample(4000, 10000, 3600, 10000)) == Verdict::kImproved);
  // Rare before: no number of clean runs after shows that less is left than half.
  CHECK(VerdictOf(Sample(1, 100, 0, 10000)) == Verdict::kInconclusive);
}

TEST_CASE("fixed needs that no run after shows it, entered or not") {
  FixSample sample = Sample(40, 100, 0, 100);
  sample.affected_after = 1;
  CHECK(VerdictOf(sample) == Verdict::kImproved);
}

TEST_CASE("the ratio is bounded by the ends of both sides") {
  const FixComparison comparison = CompareFix(Sample(40, 100, 10, 100));
  CHECK(comparison.ratio.low == Approx(comparison.after.low / comparison.before.high));
  CHECK(comparison.ratio.high == Approx(comparison.after.high / comparison.before.low));
  CHECK(std::isinf(CompareFix(Sample(0, 0, 0, 10)).ratio.high));
  CHECK(VerdictOf(Sample(0, 0, 0, 0)) == Verdict::kInconclusive);
  CHECK(VerdictOf(Sample(0, 100, 50, 100)) == Verdict::kWorse);
}

TEST_CASE("an entry picked from many needs more before") {
  FixSample sample = Sample(20, 60, 0, 60);
  const FixComparison one = CompareFix(sample);
  sample.picked_from = 30;
  const FixComparison picked = CompareFix(sample);
  CHECK(picked.before.low < one.before.low);
  CHECK(picked.after.high == one.after.high);
}

TEST_CASE("the observations that are needed are the fewest that decide") {
  const FixSample sample = Sample(40, 100, 0, 10);
  const std::int64_t more = ObservationsToDecide(sample, {0.4, 0, 0});
  REQUIRE(more > 1);
  CHECK(VerdictOf(Sample(40, 100, 0, 10 + more)) != Verdict::kInconclusive);
  CHECK(VerdictOf(Sample(40, 100, 0, 9 + more)) == Verdict::kInconclusive);
  CHECK(ObservationsToDecide(Sample(40, 100, 0, 100), {0.4, 0, 0}) == 0);
  // One occurrence before can never tell.
  CHECK(ObservationsToDecide(Sample(1, 5, 0, 5), {0.2, 0, 0}) == kNeverDecided);
  // With as many more before, they can.
  CHECK(ObservationsToDecide(Sample(1, 5, 0, 5), {0.2, 0, 500}) > 0);
}

}  // namespace
}  // namespace halo
