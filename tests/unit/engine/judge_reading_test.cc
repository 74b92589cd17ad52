// SPDX-License-Identifier: MIT
// Verdicts from blind readings, and by simulation how often they and the intervals are false.
#include "engine/analysis/judge_reading.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace halo {
namespace {

constexpr int kDraws = 2000;

ReadSides Sides(std::int64_t before, std::int64_t after, std::int64_t runs) {
  ReadSides out;
  out.before.hits = before;
  out.after.hits = after;
  out.before.trials = out.after.trials = runs;
  return out;
}

Verdict VerdictOn(std::int64_t before, std::int64_t after, std::int64_t runs) {
  return CompareReadings(Sides(before, after, runs)).verdict;
}

std::int64_t Draw(std::mt19937_64& random, double share, int runs) {
  return std::binomial_distribution<std::int64_t>(runs, share)(random);
}

}  // namespace

TEST_CASE("the ratio of two shares that were read") {
  const FixComparison same = CompareReadings(Sides(8, 8, 20));
  CHECK(same.ratio.low < 1);
  CHECK(same.ratio.high > 1);
  CHECK(same.ratio.low * same.ratio.high == Approx(1));  // the sides are alike
  const FixComparison gone = CompareReadings(Sides(8, 0, 20));
  CHECK(gone.ratio.low == 0);
  CHECK(gone.ratio.high < 0.5);
  const FixComparison began = CompareReadings(Sides(0, 8, 20));
  CHECK(std::isinf(began.ratio.high));
  CHECK(began.ratio.low > 1);
  CHECK(CompareReadings(Sides(0, 0, 20)).ratio.low == 0);
  CHECK(CompareReadings(Sides(0, 0, 0)).verdict == Verdict::kInconclusive);
}

TEST_CASE("verdicts of readings of 20 runs a side") {
  CHECK(VerdictOn(10, 0, 20) == Verdict::kFixed);
  CHECK(VerdictOn(14, 3, 20) == Verdict::kImproved);
  CHECK(VerdictOn(0, 8, 20) == Verdict::kWorse);
  CHECK(VerdictOn(3, 0, 20) == Verdict::kInconclusive);
  CHECK(VerdictOn(8, 7, 20) == Verdict::kInconclusive);
  CHECK(VerdictOn(160, 160, 200) == Verdict::kUnchanged);
  // What was picked as the worst of many needs more, and so does a later look.
  ReadSides picked = Sides(10, 2, 20);
  CHECK(CompareReadings(picked).verdict == Verdict::kImproved);
  picked.picked_from = 30;
  const double wide = CompareReadings(picked).ratio.high;
  picked.picked_from = 1;
  CHECK(wide > CompareReadings(picked).ratio.high);
  const double first = CompareReadings(picked).ratio.high;
  picked.looks = 3;
  CHECK(CompareReadings(picked).ratio.high > first);
}

TEST_CASE("verdicts of readings are seldom false, at two looks together") {
  std::mt19937_64 random(4);
  for (const double before : {0.1, 0.25, 0.4, 0.6}) {
    for (const double ratio : {0.6, 1.0, 1.5}) {
      int wrong = 0;
      for (int i = 0; i < kDraws; ++i) {
        ReadSides sides;
        for (sides.looks = 1; sides.looks <= 2; ++sides.looks) {
          sides.before.hits += Draw(random, before, 20);
          sides.after.hits += Draw(random, before * ratio, 20);
          sides.before.trials += 20;
          sides.after.trials += 20;
          const Verdict verdict = CompareReadings(sides).verdict;
          const bool is_false = (verdict == Verdict::kFixed && ratio > 0.5) ||
                                (verdict == Verdict::kImproved && ratio >= 1) ||
                                (verdict == Verdict::kWorse && ratio <= 1);
          if (!is_false) continue;
          ++wrong;
          break;
        }
      }
      INFO("before " << before << ", ratio " << ratio);
      CHECK(static_cast<double>(wrong) / kDraws <= 0.05);
    }
  }
  // Of what is gone, most is found at the first look.
  int found = 0;
  for (int i = 0; i < kDraws; ++i) {
    found += VerdictOn(Draw(random, 0.5, 20), 0, 20) == Verdict::kFixed;
  }
  CHECK(static_cast<double>(found) / kDraws > 0.8);
}

TEST_CASE("the interval of a difference covers it") {
  std::mt19937_64 random(5);
  for (const double a : {0.05, 0.2, 0.5}) {
    for (const double b : {0.0, 0.2, 0.6}) {
      for (const int runs : {20, 60}) {
        int covered = 0;
        for (int i = 0; i < kDraws; ++i) {
          const DifferenceInterval interval = BlindCounts{
              {ShareTrials{Draw(random, a, runs), runs, 1},
               ShareTrials{Draw(random, b, runs), runs,
                           1}}}.Difference();
          covered += interval.low <= b - a && b - a <= interval.high;
        }
        INFO(a << " and " << b << ", " << runs << " runs a side");
        CHECK(static_cast<double>(covered) / kDraws >= 0.935);
      }
    }
  }
}

}  // namespace halo
