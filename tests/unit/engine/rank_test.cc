// SPDX-License-Identifier: MIT
#include "engine/analysis/rank.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace halo {
namespace {

OverviewStats Totals(std::int64_t units, TypicalRun typical = {}) {
  OverviewStats totals;
  totals.units = units;
  totals.typical_run = typical;
  return totals;
}

// The generality of a mode in 6 units of 6 tasks, by its number of units and that of all units in
// each eighth of the time range.
Generality GeneralityOf(std::array<std::int64_t, 8> mode_parts,
                        std::array<std::int64_t, 8> all_parts) {
  ModeStats mode;
  mode.id = 1;
  mode.units = mode.tasks = 6;
  mode.trend = mode_parts;
  mode.trend_all = all_parts;
  const auto ranked = RankModes({mode}, Totals(100), {}, 0);
  REQUIRE(ranked.size() == 1);
  return ranked.front().generality;
}

TEST_CASE("a mode in two parts of the time range is systemic") {
  CHECK(GeneralityOf({3, 3}, {20, 20, 20, 20, 20}) == Generality::kSystemic);
  CHECK(GeneralityOf({6}, {20, 20, 20, 20, 20}) == Generality::kRecurring);
}

TEST_CASE("a wrong clock that stretches the time range does not change generality") {
  CHECK(GeneralityOf({0, 0, 0, 0, 0, 0, 0, 6}, {1, 0, 0, 0, 0, 0, 0, 99}) == Generality::kSystemic);
}

TEST_CASE("modes with the same title are distinguished by their loci") {
  const auto titles = [](const std::vector<Locus>& loci) {
    std::vector<ModeStats> modes;
    for (const Locus& locus : loci) {
      ModeStats mode;
      mode.id = modes.size() + 1;
      mode.detector = 11;  // unfinished, whose title names the agent
      mode.locus = locus;
      modes.push_back(mode);
    }
    std::vector<std::string> out;
    for (const RankedMode& mode : RankModes(modes, Totals(100), {}, 0)) {
      out.push_back(PlainText(mode.title));
    }
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(titles({{"desk", "find", ""}}) ==
        std::vector<std::string>{"Runs of desk break off without an answer"});
  CHECK(titles({{"desk", "find", ""}, {"desk", "pay", ""}}) ==
        std::vector<std::string>{"Runs of desk break off without an answer (find)",
                                 "Runs of desk break off without an answer (pay)"});
}

// Ids of detectors.
constexpr std::uint8_t kMedium = 0, kHigh = 11;  // error_cluster, unfinished

ModeStats Mode(ModeId id, std::uint8_t detector, std::int64_t units, Waste median = {}) {
  ModeStats mode;
  mode.id = id;
  mode.detector = detector;
  mode.units = mode.eligible_units = units;
  mode.median = median;
  return mode;
}

RankedMode Ranked(const ModeStats& mode, const OverviewStats& totals) {
  const auto ranked = RankModes({mode}, totals, {}, 0);
  REQUIRE(ranked.size() == 1);
  return ranked.front();
}

TEST_CASE("the score is share times waste with its floor times risk ratio") {
  const OverviewStats totals = Totals(100, {1'000, 20'000'000, 5'000'000'000});  // 0.02 USD
  const RankedMode mode = Ranked(Mode(1, kMedium, 40, {300, 6'000'000, 0}), totals);
  CHECK(mode.waste_unit == WasteUnit::kUsd);
  CHECK(mode.waste == Approx(0.006 + 0.1 * 0.02));
  CHECK(mode.share.low == Approx(0.3094).margin(0.0001));
  CHECK(mode.outcome_factor == 1);
  CHECK(mode.score == Approx(mode.share.low * mode.waste));
  CHECK(Ranked(Mode(1, kHigh, 40), totals).waste == Approx(0.5 * 0.02));
}

TEST_CASE("an unknown cost is replaced by tokens, then by time") {
  const Waste unpriced{500, kUnknownAmount, 0},
      uncounted{kUnknownAmount, kUnknownAmount, 2'000'000'000};
  struct Case {
    TypicalRun typical;
    Waste waste;
    WasteUnit unit;
    double expected;
  };
  const std::vector<Case> cases = {
      {{1'000, 20'000'000, 4'000'000'000}, unpriced, WasteUnit::kUsd, 0.01 + 0.002},
      {{1'000, 20'000'000, 4'000'000'000}, uncounted, WasteUnit::kUsd, 0.01 + 0.002},
      {{1'000, 0, 4'000'000'000}, unpriced, WasteUnit::kTokens, 500 + 100},
      {{1'000, 0, 4'000'000'000}, uncounted, WasteUnit::kTokens, 500 + 100},
      {{0, 0, 4'000'000'000}, uncounted, WasteUnit::kMs, 2'000 + 400},
  };
  for (const Case& each : cases) {
    const RankedMode mode = Ranked(Mode(1, kMedium, 40, each.waste), Totals(100, each.typical));
    CHECK(mode.waste_unit == each.unit);
    CHECK(mode.waste == Approx(each.expected));
  }
}

TEST_CASE("how failed and passed runs compare is told from enough independent runs") {
  const auto link = [](OutcomeTable outcomes, std::int64_t units = 10, std::int64_t decided = 0) {
    ModeStats mode = Mode(1, kMedium, units);
    mode.outcomes = {outcomes};
    mode.decided_units = decided;
    return Ranked(mode, Totals(100)).link;
  };
  CHECK(link({20, 2, 20, 38}) == OutcomeLink::kFailedMore);
  CHECK(link({3, 2, 17, 18}) == OutcomeLink::kUnclear);
  CHECK(link({10, 10, 30, 30}) == OutcomeLink::kAsOften);
  CHECK(link({2, 20, 38, 20}) == OutcomeLink::kAsOften);  // or more often
  CHECK(link({4, 0, 0, 50}) == OutcomeLink::kUnknown);    // too few failures
  CHECK(link({50, 0, 0, 4}) == OutcomeLink::kUnknown);    // too few successes
  CHECK(link({0, 0, 30, 30}) == OutcomeLink::kUnknown);   // no affected run has a known outcome
  // Most affected runs failed by the finding itself.
  CHECK(link({4, 4, 30, 30}, 20, 12) == OutcomeLink::kUnknown);
  CHECK(link({4, 4, 30, 30}, 20, 8) == OutcomeLink::kAsOften);
}

TEST_CASE("business rules that refuse rank last, unless failed runs show them more often") {
  const OverviewStats totals = Totals(100, {1'000, 20'000'000, 0});
  ModeStats rare = Mode(1, kMedium, 3, {10, 1'000, 0});
  ModeStats refusal = Mode(2, kMedium, 60, {1'000, 20'000'000, 0});
  refusal.tag = kDomainRefusal;
  refusal.waste = {60'000, 1'200'000'000, 0};
  ModeStats other = refusal;
  other.id = 3;
  other.units = 70;
  const auto order = [&] {
    std::vector<ModeId> ids;
    for (const RankedMode& mode : RankModes({refusal, rare, other}, totals, {}, 0)) {
      ids.push_back(mode.stats.id);
    }
    return ids;
  };
  CHECK(order() == std::vector<ModeId>{1, 3, 2});
  refusal.outcomes = {{27, 22, 23, 28}};  // no more than chance explains
  CHECK(order().front() == 1);
  refusal.outcomes = {{45, 5, 5, 45}};
  CHECK(order() == std::vector<ModeId>{2, 1, 3});

  const RankedMode ranked = Ranked(refusal, totals);
  CHECK(ranked.category == "domain_refusal");
  CHECK(ranked.severity == Severity::kLow);
  CHECK(ranked.stats.waste == Waste{});  // it would have saved nothing
  CHECK(ranked.waste == Approx(0.01 * 0.02));
  CHECK(PlainText(ranked.title).find("refuses") != std::string::npos);
}

TEST_CASE("of two modes alike, shares of all runs decide, and not conditional rates") {
  const OverviewStats totals = Totals(1'000, {1'000, 20'000'000, 0});
  ModeStats always = Mode(1, kMedium, 10);  // in all of the few runs that could show it
  ModeStats wide = Mode(2, kMedium, 200);
  wide.eligible_units = 900;
  const auto ranked = RankModes({always, wide}, totals, {}, 0);
  CHECK(ranked[0].stats.id == 2);
  CHECK(ranked[0].rate.value < ranked[1].rate.value);
}

TEST_CASE("a mode that only longer runs show is not blamed for their failures") {
  // Long runs fail more, with the mode or without it.
  ModeStats mode = Mode(1, kMedium, 40);
  mode.outcomes = {{2, 8, 18, 72}, {24, 6, 56, 14}};
  const RankedMode stratified = Ranked(mode, Totals(200));
  CHECK(stratified.outcome_factor == Approx(1).margin(0.05));
  mode.outcomes = {{26, 14, 74, 86}};
  CHECK(Ranked(mode, Totals(200)).outcome_factor > 1.2);
}

TEST_CASE("an error in nearly all failed runs and no others ranks first") {
  const OverviewStats totals = Totals(100, {1'000, 20'000'000, 0});
  ModeStats error = Mode(1, kMedium, 46, {100, 2'000'000, 0});
  error.outcomes = {{46, 0, 1, 53}};
  ModeStats end = Mode(2, kHigh, 60);  // more runs and higher severity, but unrelated to outcomes
  end.outcomes = {{28, 32, 19, 21}};
  ModeStats dear = Mode(3, kMedium, 50, {300, 4'000'000, 0});
  dear.outcomes = {{20, 30, 27, 23}};
  const auto ranked = RankModes({dear, end, error}, totals, {}, 0);
  CHECK(ranked[0].stats.id == 1);
  CHECK(ranked[0].outcome_factor > 3);
}

TEST_CASE("the outcome factor is 1 without enough data") {
  const auto factor = [](std::vector<OutcomeTable> outcomes) {
    ModeStats mode = Mode(1, kMedium, 10);
    mode.outcomes = std::move(outcomes);
    return Ranked(mode, Totals(100)).outcome_factor;
  };
  CHECK(factor({}) == 1);
  CHECK(factor({{4, 0, 0, 50}}) == 1);  // fewer than 5 failures
  CHECK(factor({{50, 0, 0, 4}}) == 1);  // fewer than 5 successes
  CHECK(factor({{5, 0, 0, 5}}) > 1);
  CHECK(factor({{0, 5, 20, 20}}) < 1);
  CHECK(factor({{0, 0, 20, 20}}) == 1);  // no affected run has a known outcome
  // No affected run failed; the continuity correction of 0.5 per cell must not raise the factor
  // above 1.
  CHECK(factor({{0, 1, 0, 500}, {0, 1, 6, 2}}) <= 1);
  CHECK(factor({{0, 1, 0, 400}, {0, 0, 5, 1}}) <= 1);
}

}  // namespace
}  // namespace halo
