// SPDX-License-Identifier: MIT
#include "engine/analysis/compare_cohorts.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

using Did = BehaviourKind;

// Two sides without clusters, unless the test joins them.
struct Sides {
  Cohorts cohorts;

  std::uint32_t Add(std::size_t side, std::uint8_t stratum = 0) {
    CohortRun run;
    run.cluster = cohorts.clusters++;
    run.part = cohorts.parts++;
    run.stratum = stratum;
    cohorts.sides[side].runs.push_back(run);
    return static_cast<std::uint32_t>(cohorts.sides[side].runs.size() - 1);
  }
  void Add(std::string text, std::vector<std::uint32_t> a, std::vector<std::uint32_t> b) {
    cohorts.behaviours.push_back({std::move(text), {std::move(a), std::move(b)}});
  }
  CohortComparison Compare(bool model_is_asked = false) const {
    return CompareCohorts(cohorts, model_is_asked, {});
  }
};

std::vector<std::uint32_t> Range(std::uint32_t from, std::uint32_t to) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = from; i < to; ++i) out.push_back(i);
  return out;
}

const BehaviourContrast* Find(const CohortComparison& found, Did kind, std::string_view a) {
  for (const BehaviourContrast& each : found.behaviours) {
    if (each.what.kind == kind && each.what.a == a) return &each;
  }
  return nullptr;
}

TEST_CASE("behaviours are compared within runs of like length, the shortest first") {
  Sides sides;
  // Side a has mostly long runs, side b mostly short ones.
  for (int i = 0; i < 40; ++i) sides.Add(0, i < 32 ? 1 : 0);
  for (int i = 0; i < 40; ++i) sides.Add(1, i < 32 ? 0 : 1);
  // Every long run, and no short one, calls read: that is length and nothing else.
  sides.Add(BehaviourText(Did::kCalls, 0, "read"), Range(0, 32), Range(32, 40));
  // Within both lengths, a calls retry and b does not; and hardly anybody pairs it otherwise.
  std::vector<std::uint32_t> retry = Range(4, 28);
  for (const std::uint32_t run : Range(33, 39)) retry.push_back(run);
  sides.Add(BehaviourText(Did::kCalls, 0, "retry"), retry, Range(0, 2));
  sides.Add(BehaviourText(Did::kThen, 0, "retry", "give_up"), Range(4, 36), Range(0, 1));
  sides.Add(BehaviourText(Did::kTurns, 20), Range(0, 31), Range(32, 40));
  // The same runs: one of them is enough.
  sides.Add(BehaviourText(Did::kCalls, 0, "reread"), Range(0, 32), Range(32, 40));
  // The others: the same again.
  sides.Add(BehaviourText(Did::kCalls, 0, "unread"), Range(32, 40), Range(0, 32));
  sides.Add(BehaviourText(Did::kPrompt, 0, "agent", "12345678"), Range(0, 40), {});
  sides.Add(BehaviourText(Did::kAgent, 0, "agent"), Range(0, 40), Range(0, 40));
  const CohortComparison found = sides.Compare();

  const BehaviourContrast* read = Find(found, Did::kCalls, "read");
  REQUIRE(read != nullptr);
  CHECK(read->ratio == Approx(1));
  CHECK(read->rate.q > 0.5);
  CHECK(Find(found, Did::kCalls, "reread") == nullptr);
  CHECK(Find(found, Did::kCalls, "unread") == nullptr);
  REQUIRE(found.behaviours.size() == 4);
  CHECK(found.behaviours[0].what.a == "retry");
  CHECK(found.behaviours[0].what.kind == Did::kCalls);
  CHECK(found.behaviours[0].ratio > 3);
  CHECK(found.behaviours[0].low > 1);
  CHECK(found.behaviours[0].rate.q <= 0.05);
  // Length itself is not compared within runs of like length.
  CHECK(Find(found, Did::kTurns, "")->ratio == Approx(31.0 / 8));
  CHECK(Find(found, Did::kTurns, "")->rate.q <= 0.05);
  CHECK(Find(found, Did::kThen, "retry")->rate.q <= 0.05);
  CHECK(found.behaviours.back().what.a == "read");
  CHECK(found.tested == 6);
}

TEST_CASE("of the thresholds of a count, the most telling one is kept") {
  Sides sides;
  for (int i = 0; i < 20; ++i) sides.Add(0);
  for (int i = 0; i < 20; ++i) sides.Add(1);
  sides.Add(BehaviourText(Did::kCallsOften, 2, "read"), Range(0, 20), Range(0, 15));
  sides.Add(BehaviourText(Did::kCallsOften, 5, "read"), Range(0, 18), Range(0, 2));
  const CohortComparison found = sides.Compare();
  REQUIRE(found.behaviours.size() == 1);
  CHECK(found.behaviours[0].what.n == 5);
  CHECK(found.tested == 2);
  CHECK(found.behaviours[0].rate.difference.difference == Approx(0.8));
}

TEST_CASE("examples are runs of one task if there are such") {
  Sides sides;
  for (int i = 0; i < 12; ++i) sides.Add(0);
  for (int i = 0; i < 12; ++i) sides.Add(1);
  for (std::size_t side = 0; side < 2; ++side) {
    for (std::uint32_t i = 0; i < 12; ++i) {
      sides.cohorts.sides[side].runs[i].cluster = i;
      sides.cohorts.sides[side].runs[i].knows_task = true;
    }
  }
  sides.Add(BehaviourText(Did::kCalls, 0, "read"), Range(3, 12), Range(0, 5));
  const CohortComparison found = sides.Compare();
  CHECK(found.matched_tasks);
  CHECK(found.comparable);
  REQUIRE(found.behaviours.size() == 1);
  CHECK(found.behaviours[0].example[0] == 5u);
  CHECK(found.behaviours[0].example[1] == 5u);
}

TEST_CASE("entries are shares of the runs that could show them") {
  Sides sides;
  for (int i = 0; i < 30; ++i) sides.Add(0);
  for (int i = 0; i < 30; ++i) sides.Add(1);
  sides.cohorts.eligible = {{Range(0, 20), Range(0, 10)}};
  CohortMode mode;
  mode.id = 7;
  mode.runs = {Range(0, 15), Range(0, 1)};
  sides.cohorts.modes = {mode};
  const CohortComparison found = sides.Compare();
  REQUIRE(found.modes.size() == 1);
  CHECK(found.modes[0].rate.rate(0) == Approx(0.75));
  CHECK(found.modes[0].rate.rate(1) == Approx(0.1));
  CHECK(found.modes[0].rate.difference.low > 0);
  CHECK(found.modes[0].rate.q == found.modes[0].rate.p);
  CHECK(found.modes[0].rate.p < 0.01);
  sides.cohorts.eligible = {{Range(0, 20), {}}};
  sides.cohorts.modes[0].runs = {Range(0, 15), {}};
  CHECK(sides.Compare().modes.empty());
  CHECK(sides.Compare().one_sided_modes == 1);
}

TEST_CASE("another model or another mix of tasks makes sides incomparable") {
  Sides sides;
  for (int i = 0; i < 20; ++i) sides.Add(0);
  for (int i = 0; i < 20; ++i) sides.Add(1);
  CHECK(sides.Compare().comparable);
  sides.cohorts.sides[0].models = {{"m1", 20, 0}};
  sides.cohorts.sides[1].models = {{"m2", 20, 0}};
  CHECK_FALSE(sides.Compare().comparable);
  CHECK(sides.Compare(true).comparable);
  // Tasks that no other run has: only what kind of run they are is compared.
  const auto each_run = [&](const auto& set) {
    for (std::size_t side = 0; side < 2; ++side) {
      for (std::size_t i = 0; i < 20; ++i) set(side, i, sides.cohorts.sides[side].runs[i]);
    }
  };
  each_run([](std::size_t, std::size_t, CohortRun& run) { run.knows_task = true; });
  CHECK(sides.Compare(true).comparable);
  CHECK(sides.Compare(true).drift[0].what == "task");
  CHECK(sides.Compare(true).drift[0].variation == 0.0);
  each_run([](std::size_t side, std::size_t i, CohortRun& run) { run.name = side == 1 && i < 10; });
  CHECK_FALSE(sides.Compare(true).comparable);
  CHECK(sides.Compare(true).drift[0].variation == 0.5);
  CHECK(sides.Compare(true).drift[0].limits);
  // One session has most of the other kind: that may be chance.
  each_run([&](std::size_t side, std::size_t i, CohortRun& run) {
    run.knows_task = false;
    if (side == 1 && i < 10) run.cluster = sides.cohorts.sides[1].runs[0].cluster;
  });
  CHECK(sides.Compare(true).comparable);
  CHECK(sides.Compare(true).drift[0].variation == 0.5);
}

TEST_CASE("a task that only one side ran counts as the kind of run that it is") {
  Sides sides;
  for (std::size_t side = 0; side < 2; ++side) {
    for (std::uint32_t i = 0; i < 40; ++i) {
      CohortRun& run = sides.cohorts.sides[side].runs[sides.Add(side)];
      run.knows_task = true;
      // Three tasks of both sides; most runs are of tasks of their own.
      if (i < 15) run.cluster = 10'000 + (side == 0 ? 0 : i % 3);
    }
  }
  sides.cohorts.clusters = 10'003;
  const CohortComparison found = sides.Compare();
  CHECK_FALSE(found.matched_tasks);
  CHECK(found.drift[0].variation.has_value());
  // What verify_fix would say of the same runs: below the limit.
  CHECK(*found.drift[0].variation < kMostVariation);
  CHECK(found.comparable);
}

TEST_CASE("amounts are medians of the runs for which they are known") {
  Sides sides;
  for (std::size_t side = 0; side < 2; ++side) {
    for (int i = 0; i < 10; ++i) {
      const std::uint32_t run = sides.Add(side);
      if (i < 5) sides.cohorts.sides[side].runs[run].tokens = side == 0 ? 300 : 100;
    }
  }
  const CohortComparison found = sides.Compare();
  REQUIRE(found.amounts.size() == 1);
  CHECK(found.amounts[0].name == "tokens");
  CHECK(found.amounts[0].known == std::array<std::int64_t, 2>{5, 5});
  CHECK(found.amounts[0].ratio == Approx(3));
  CHECK_FALSE(found.amounts[0].low.has_value());
}

TEST_CASE("an empty side is no error") {
  Sides sides;
  for (int i = 0; i < 6; ++i) sides.Add(0);
  sides.Add(BehaviourText(Did::kCalls, 0, "read"), Range(0, 5), {});
  const CohortComparison found = sides.Compare();
  REQUIRE(found.behaviours.size() == 1);
  CHECK(found.behaviours[0].rate.p == 1);
  CHECK_FALSE(found.behaviours[0].example[1].has_value());
}

}  // namespace
}  // namespace halo
