// SPDX-License-Identifier: MIT
// Fixes and the runs that judge them: what every store must do.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/model/mode_id.h"
#include "tests/contract/store_fixture.h"

namespace halo::test {
namespace {

StoreKind AnyStore() { return GENERATE(from_range(AllStores())); }

Question Later() {
  Question question;
  question.now_ns = kLater;
  return question;
}

Fix MakeFix(const std::string& id) {
  Fix fix;
  fix.id = id;
  fix.targets = {{1, {1, 2}, {3}, 30, 100, 40}, {~ModeId{0}, {~ModeId{0}}, {}, 30, 7, 0}};
  fix.summary = "the city is resolved first";
  fix.commit = "abc123";
  fix.who = "an agent";
  fix.recorded_ns = 77;
  fix.boundary = {1234, {{"version", "v2"}, {"environment", "it's"}}};
  fix.draw = {~std::uint64_t{0}, {"b", "a", ""}, 9};
  return fix;
}

TestTrace Made(const std::string& id, std::int64_t start_ns, bool fails, bool calls = true) {
  TestTrace trace;
  trace.key = {"default", id};
  trace.task = "task " + id.substr(0, 1);
  trace.version = start_ns >= 500 ? "v2" : "v1";
  trace.outcome = fails ? Outcome::kFailure : Outcome::kSuccess;
  trace.spans = {{"root", "", "planner", Kind::kAgent, start_ns, start_ns + 50, {}, false},
                 {"call",
                  "root",
                  calls ? "search" : "think",
                  calls ? Kind::kTool : Kind::kChain,
                  start_ns + 1,
                  start_ns + 9,
                  {},
                  fails}};
  if (fails) trace.findings = {{1, "search", "timeout", 5}};
  return trace;
}

}  // namespace

TEST_CASE("a fix is kept with all that it says") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  Fix second = MakeFix("fix_2");
  second.targets.resize(1);
  second.boundary = {};
  second.draw = {};
  {
    const auto store = MustOpen(url);
    CHECK(Must(store->Fixes()).empty());
    CHECK(Must(store->EnteredRuns("fix_1")).empty());
    const std::int64_t sequence = Must(store->Sequence());
    CHECK(Must(store->PutFix(MakeFix("fix_1"))));
    CHECK(Must(store->Sequence()) > sequence);
    CHECK(Must(store->PutFix(second)));
    Fix other = MakeFix("fix_1");
    other.summary = "something else";
    CHECK_FALSE(Must(store->PutFix(other)));
    const std::vector<std::uint64_t> some = {5, ~std::uint64_t{0}}, more = {5, 6};
    Must(store->EnterRuns("fix_1", 1, some));
    Must(store->EnterRuns("fix_1", 1, more));
    Must(store->EnterRuns("fix_2", 0, more));
  }
  const auto store = MustOpen(url);
  CHECK(Must(store->Fixes()) == std::vector<Fix>{MakeFix("fix_1"), second});
  const auto entered = Must(store->EnteredRuns("fix_1"));
  REQUIRE(entered.size() == 2);
  CHECK(entered[0].empty());
  CHECK(entered[1] == std::set<std::uint64_t>{5, 6, ~std::uint64_t{0}});
}

TEST_CASE("fixes survive new analyses, the removal of traces and a repair") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const std::vector<std::uint64_t> runs = {5};
  {
    const auto store = MustOpen(url);
    Must(store->Append(TestBatch().Add(Made("a1", 100, true)).Add(Made("b1", 600, false)).Build()));
    Must(store->PutFix(MakeFix("fix_1")));
    Must(store->EnterRuns("fix_1", 0, runs));
    Must(store->MarkAllStale());
    AnalyseStale(*store, {Made("a1", 100, true), Made("b1", 600, false)});
    Must(store->RemoveTraces(Must(store->OldestTraces(Later(), 10))));
    Must(store->ReclaimSpace({}));
  }
  REQUIRE(RepairStore(url).has_value());
  const auto store = MustOpen(url);
  CHECK(Must(store->Fixes()) == std::vector<Fix>{MakeFix("fix_1")});
  CHECK(Must(store->EnteredRuns("fix_1")).at(0) == std::set<std::uint64_t>{5});
  CHECK(Must(store->ObserveRuns(Later(), {}, {})).runs.empty());
}

TEST_CASE("runs are observed with their opportunity, failures and side") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto store = MustOpen(url);
  TestTrace both = Made("c1", 700, true);
  both.findings.push_back({2, "search", "empty", 0});
  TestBatch batch;
  for (const TestTrace& trace : {Made("a1", 100, true), Made("b1", 200, false),
                                 Made("a2", 600, false), both, Made("d1", 800, false, false)}) {
    batch.Add(trace);
  }
  Must(store->Append(batch.Build(5'000)));
  const std::vector<ModeStats> modes = Must(store->Modes(Later()));
  const auto timeout = std::find_if(modes.begin(), modes.end(), [](const ModeStats& mode) {
    return mode.signature == "timeout";
  });
  REQUIRE(timeout != modes.end());
  FixTarget target;
  target.entry = timeout->id;
  target.modes = {timeout->id};
  TraceFilter after;
  after.version = "v2";
  ObservedRuns observed =
      Must(store->ObserveRuns(Later(), after, std::vector<FixTarget>{target, {12345, {12345}}}));
  CHECK(observed.entries == std::vector<ModeId>{timeout->id, 0});
  std::sort(observed.runs.begin(), observed.runs.end(),
            [](const ObservedRun& a, const ObservedRun& b) { return a.start_ns < b.start_ns; });
  REQUIRE(observed.runs.size() == 5);
  const auto check = [&](std::size_t at, const char* id, bool is_after, bool eligible,
                         bool affected) {
    const ObservedRun& run = observed.runs[at];
    INFO(id);
    CHECK(run.key.trace_id == id);
    CHECK(run.after == is_after);
    CHECK(run.Eligible(0) == eligible);
    CHECK(run.Affected(0) == affected);
    CHECK_FALSE(run.Affected(1));
    CHECK(run.arrived_ns == 5'000);
    CHECK(run.duration_ns == 50);
  };
  check(0, "a1", false, true, true);
  check(1, "b1", false, true, false);
  check(2, "a2", true, true, false);
  check(3, "c1", true, true, true);
  check(4, "d1", true, false, false);
  CHECK(observed.runs[0].task == "task a");
  CHECK(observed.runs[0].outcome == Outcome::kFailure);
  CHECK(observed.runs[0].version == "v1");
  CHECK(observed.runs[3].entries.size() == 2);
  CHECK(observed.runs[4].entries.empty());
}

}  // namespace halo::test
