// SPDX-License-Identifier: MIT
#include "engine/analysis/statistics.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "engine/analysis/trend.h"

namespace halo {
namespace {

void CheckInterval(std::int64_t hits, std::int64_t trials, double low, double high) {
  const ShareInterval interval = WilsonInterval(hits, trials);
  CAPTURE(hits, trials, interval.low, interval.high);
  CHECK(interval.low == Approx(low).margin(0.00005));
  CHECK(interval.high == Approx(high).margin(0.00005));
}

// Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17
// (1998), table I, method 3.
TEST_CASE("Wilson intervals are those of Newcombe's table") {
  CheckInterval(81, 263, 0.2553, 0.3662);
  CheckInterval(15, 148, 0.0624, 0.1605);
  CheckInterval(0, 20, 0.0000, 0.1611);
  CheckInterval(1, 29, 0.0061, 0.1718);
}

TEST_CASE("nothing seen leaves everything possible") {
  CHECK(WilsonInterval(0, 0).low == 0);
  CHECK(WilsonInterval(0, 0).high == 1);
  CHECK(WilsonInterval(0, 5).low == 0);
  CHECK(WilsonInterval(5, 5).high == 1);
}

// The University Group Diabetes Program by age, as in Rothman, Greenland and Lash: the pooled risk
// ratio is 1.33, its 95 % interval 0.80 to 2.20.
const std::vector<RiskStratum> kDiabetes = {{8, 98, 5, 115}, {22, 76, 16, 69}};

TEST_CASE("the pooled risk ratio is that of the textbook, shrunken by its variance") {
  const double log_ratio = std::log(1.3257);
  const double deviation = std::log(2.2025 / 0.7979) / 2 / 1.959964;
  const double variance = deviation * deviation;
  CHECK(ShrunkenLogRiskRatio(kDiabetes) ==
        Approx(log_ratio * 0.5 / (0.5 + variance)).margin(0.0005));
}

TEST_CASE("too few outcomes say nothing") {
  CHECK(ShrunkenLogRiskRatio({}) == 0);
  CHECK(ShrunkenLogRiskRatio(std::vector<RiskStratum>{{4, 10, 0, 10}}) == 0);
  CHECK(ShrunkenLogRiskRatio(std::vector<RiskStratum>{{10, 2, 10, 2}}) == 0);
}

TEST_CASE("a mode that always fails where nothing else does has a finite ratio") {
  const double ratio = ShrunkenLogRiskRatio(std::vector<RiskStratum>{{10, 0, 0, 10}});
  CHECK(ratio > 0.3);
  CHECK(ratio < 4);
}

TEST_CASE("a mode in every unit or in none has no ratio") {
  CHECK(ShrunkenLogRiskRatio(std::vector<RiskStratum>{{10, 10, 0, 0}}) == 0);
  CHECK(ShrunkenLogRiskRatio(std::vector<RiskStratum>{{0, 0, 10, 10}}) == 0);
}

TEST_CASE("equal risks give no weight, more failures a positive one, fewer a negative one") {
  CHECK(ShrunkenLogRiskRatio(std::vector<RiskStratum>{{10, 10, 20, 20}}) == Approx(0));
  CHECK(ShrunkenLogRiskRatio(std::vector<RiskStratum>{{18, 2, 10, 10}}) > 0.2);
  CHECK(ShrunkenLogRiskRatio(std::vector<RiskStratum>{{2, 18, 10, 10}}) < -0.2);
}

TEST_CASE("the rarer a failure, the more clean runs show that it is gone") {
  CHECK(RunsToShowGone(0.5) == 5);  // 0.5^5 = 0.03
  CHECK(RunsToShowGone(0.1) == 29);
  CHECK(RunsToShowGone(0.01) == 299);  // the rule of three says 300
  CHECK(RunsToShowGone(1) == 1);
  CHECK(RunsToShowGone(0) == 0);
}

TEST_CASE("the runs that show a fall are those of the textbook") {
  CHECK(RunsToShowFall(0.6, 0.3) == 42);
  CHECK(RunsToShowFall(0.2, 0.1) == 199);
  CHECK(RunsToShowFall(0.1, 0.1) == 0);
  CHECK(RunsToShowFall(1, 0.5) > 0);
}

TEST_CASE("two shares differ only where chance would hardly make them") {
  // 15 of 100 against 30 of 100: z = 2.54.
  CHECK(CompareShares({15, 100}, {30, 100}) == ShareChange::kRise);
  CHECK(CompareShares({30, 100}, {15, 100}) == ShareChange::kFall);
  // 15 of 100 against 25 of 100: z = 1.77.
  CHECK(CompareShares({15, 100}, {25, 100}) == ShareChange::kNone);
  CHECK(CompareShares({0, 50}, {0, 50}) == ShareChange::kNone);
  CHECK(CompareShares({50, 50}, {50, 50}) == ShareChange::kNone);
  CHECK(CompareShares({0, 4}, {4, 4}) == ShareChange::kTooFew);
  CHECK(CompareShares({0, 5}, {4, 4}) == ShareChange::kTooFew);
}

TEST_CASE("a trend compares the halves of the time range") {
  const auto trend = [](std::int64_t early, std::int64_t late, std::int64_t runs) {
    ModeStats stats;
    stats.trend = {early, 0, 0, 0, 0, 0, 0, late};
    stats.trend_all = {runs, 0, 0, 0, 0, 0, 0, runs};
    return TrendOf(stats);
  };
  CHECK(trend(0, 20, 40) == Trend::kNew);
  CHECK(trend(2, 20, 40) == Trend::kRising);
  CHECK(trend(20, 2, 40) == Trend::kFalling);
  CHECK(trend(20, 0, 40) == Trend::kGone);
  CHECK(trend(10, 11, 40) == Trend::kSteady);
  CHECK(trend(0, 4, 4) == Trend::kUnclear);
  CHECK(TrendName(Trend::kGone) == "gone");
}

}  // namespace
}  // namespace halo
