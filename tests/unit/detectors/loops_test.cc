// SPDX-License-Identifier: MIT
// error_repeat, cycle and poll_no_progress, and that loops do not share calls.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

std::vector<std::string> Loops(const TraceSummary& summary) {
  std::vector<std::string> names;
  for (const StoredFinding& finding : summary.findings) {
    const TraceDetector& detector = *FindTraceDetector(finding.detector);
    if (detector.category == "loop") names.emplace_back(detector.name);
  }
  return names;
}

using Names = std::vector<std::string>;

// Calls that are made again are at least redundant, so a near miss of a cycle shows that.
std::ptrdiff_t CyclesIn(const TraceSummary& summary) {
  const Names names = Loops(summary);
  return std::count(names.begin(), names.end(), "cycle");
}

void Turns(TraceBuilder& t, int rounds, const std::vector<std::string>& round) {
  for (int i = 0; i < rounds; ++i) {
    for (const std::string& tool : round) t.Turn(tool, "x", "result of " + tool);
  }
}

TEST_CASE("error_repeat: three equal failing calls are a finding, two are not") {
  TraceBuilder t;
  t.Agent("planner");
  for (int i = 0; i < 2; ++i) t.Fail(t.Turn("pay", "x", ""), "boom");
  CHECK(Loops(t.Analyse()).empty());

  TraceBuilder more;
  more.Agent("planner");
  // The errors need not be equal.
  for (const char* error : {"boom", "bang", "boom"}) more.Fail(more.Turn("pay", "x", ""), error);
  const TraceSummary summary = more.Analyse();
  CHECK(Loops(summary) == Names{"error_repeat"});
  const StoredFinding found = OnlyFinding(summary, "error_repeat");
  CHECK(found.locus == Locus{"planner", "pay", ""});
  CHECK(found.evidence.at(0).quote.path == "status.message");
  CHECK(found.span_ids.size() == 3);
  CHECK(found.waste == Waste{220, 4000, 4 * kTestStepNs});
  // The first failed call is wasted by its cause, error_cluster.
  Waste causes;
  for (const StoredFinding& finding : FindingsOf(summary, "error_cluster")) {
    causes.tokens += finding.waste.tokens;
  }
  CHECK(causes.tokens == 110);
}

TEST_CASE("error_repeat: different arguments or a success in between end the sequence") {
  TraceBuilder arguments;
  for (const char* text : {"a", "b", "a", "b"}) {
    arguments.Fail(arguments.Turn("pay", text, ""), "boom");
  }
  CHECK(Loops(arguments.Analyse()).empty());

  TraceBuilder success;
  for (int i = 0; i < 5; ++i) {
    SpanFacts& call = success.Turn("pay", "x", "paid");
    if (i != 2) success.Fail(call, "boom");
  }
  CHECK(Loops(success.Analyse()).empty());
}

TEST_CASE("error_repeat: a failing repeat is not also an exact_repeat") {
  TraceBuilder t;
  for (int i = 0; i < 6; ++i) t.Fail(t.Turn("pay", "x", ""), "boom");
  CHECK(Loops(t.Analyse()) == Names{"error_repeat"});
}

TEST_CASE("error_repeat: calls with unrecorded arguments are not equal") {
  TraceBuilder t;
  for (int i = 0; i < 6; ++i) t.Fail(t.Turn("pay", "", ""), "boom");
  CHECK(Loops(t.Analyse()).empty());
}

TEST_CASE("cycle: three full rounds are a finding, two and a half are not") {
  TraceBuilder t;
  t.Agent("planner");
  Turns(t, 2, {"read", "list"});
  t.Turn("read", "x", "result of read");
  CHECK(CyclesIn(t.Analyse()) == 0);

  TraceBuilder more;
  more.Agent("planner");
  Turns(more, 3, {"read", "list"});
  more.Llm();
  const TraceSummary summary = more.Analyse();
  CHECK(Loops(summary) == Names{"cycle"});
  const StoredFinding found = OnlyFinding(summary, "cycle");
  CHECK(found.locus == Locus{"planner", "list", "list > read"});
  CHECK(found.signature == "period_2");
  CHECK(found.waste.tokens == 4 * 110);
}

TEST_CASE("cycle: reports the smallest period, up to six") {
  TraceBuilder three;
  Turns(three, 6, {"a", "b", "c"});
  CHECK(OnlyFinding(three.Analyse(), "cycle").signature == "period_3");

  TraceBuilder six;
  Turns(six, 3, {"a", "b", "c", "d", "e", "f"});
  CHECK(OnlyFinding(six.Analyse(), "cycle").signature == "period_6");

  TraceBuilder seven;
  Turns(seven, 3, {"a", "b", "c", "d", "e", "f", "g"});
  CHECK(CyclesIn(seven.Analyse()) == 0);
}

TEST_CASE("cycle: the mode does not depend on where a run enters the cycle") {
  TraceBuilder one, other;
  Turns(one, 3, {"a", "b", "c"});
  Turns(other, 3, {"b", "c", "a"});
  CHECK(OnlyFinding(one.Analyse(), "cycle").mode == OnlyFinding(other.Analyse(), "cycle").mode);
}

TEST_CASE("cycle: a result that changes is progress") {
  TraceBuilder t;
  for (int i = 0; i < 3; ++i) {
    t.Turn("edit", "x", "ok");
    t.Turn("test", "x", std::to_string(3 - i) + " failed");
  }
  CHECK(Loops(t.Analyse()).empty());
}

TEST_CASE("cycle: repeating one call is not a cycle") {
  TraceBuilder t;
  Turns(t, 12, {"read"});
  CHECK(Loops(t.Analyse()) == Names{"exact_repeat"});
}

TEST_CASE("cycle: alternating arguments of one tool are a cycle of that tool") {
  TraceBuilder t;
  for (int i = 0; i < 3; ++i) {
    t.Turn("read", "a", "A");
    t.Turn("read", "b", "B");
  }
  CHECK(OnlyFinding(t.Analyse(), "cycle").locus == Locus{"", "read", ""});
}

TEST_CASE("cycle: a user message in between ends the sequence") {
  TraceBuilder t;
  for (int i = 0; i < 4; ++i) {
    t.Llm(i < 2 ? 1 : 2);
    t.Tool("a", "x", "A");
    t.Llm(i < 2 ? 1 : 2);
    t.Tool("b", "x", "B");
  }
  CHECK(CyclesIn(t.Analyse()) == 0);
}

TEST_CASE(
    "poll_no_progress: three equal results for different arguments are a finding, two are not") {
  TraceBuilder t;
  t.Agent("planner");
  for (const char* text : {"1", "2"}) t.Turn("job_status", text, "pending");
  CHECK(Loops(t.Analyse()).empty());
  t.Turn("job_status", "3", "pending");
  t.Llm();
  const TraceSummary summary = t.Analyse();
  CHECK(Loops(summary) == Names{"poll_no_progress"});
  const StoredFinding found = OnlyFinding(summary, "poll_no_progress");
  CHECK(found.locus == Locus{"planner", "job_status", ""});
  CHECK(found.evidence.at(0).quote.path == "attributes.result");
  CHECK(found.waste.tokens == 220);
}

TEST_CASE("poll_no_progress: a result that changes is progress") {
  TraceBuilder t;
  for (const char* text : {"1", "2", "3", "4"}) {
    t.Turn("job_status", text, std::string(text) == "3" ? "running" : "pending");
  }
  CHECK(Loops(t.Analyse()).empty());
}

TEST_CASE("poll_no_progress: equal arguments are left to exact_repeat") {
  TraceBuilder t;
  Turns(t, 3, {"job_status"});
  CHECK(Loops(t.Analyse()).empty());
  Turns(t, 1, {"job_status"});
  CHECK(Loops(t.Analyse()) == Names{"exact_repeat"});
}

TEST_CASE("poll_no_progress: the same short result of several actions is not polling") {
  for (const char* tool : {"write_file", "sendEmail", "bash", "db.update-row", "ExecuteSql"}) {
    TraceBuilder t;
    for (const char* text : {"1", "2", "3"}) t.Turn(tool, text, "ok");
    CHECK(Loops(t.Analyse()).empty());
  }
}

TEST_CASE("poll_no_progress: failed calls are left to error_cluster") {
  TraceBuilder t;
  for (const char* text : {"1", "2", "3"}) t.Fail(t.Turn("job_status", text, ""), "boom");
  CHECK(Loops(t.Analyse()).empty());
}

TEST_CASE("consecutive loops of one agent are separate findings") {
  TraceBuilder t;
  t.Agent("planner");
  for (int i = 0; i < 3; ++i) t.Fail(t.Turn("pay", "x", ""), "boom");
  Turns(t, 3, {"a", "b"});
  Turns(t, 4, {"read"});
  for (const char* text : {"1", "2", "3"}) t.Turn("job_status", text, "pending");
  const TraceSummary summary = t.Analyse();
  CHECK(Loops(summary) == Names{"exact_repeat", "error_repeat", "cycle", "poll_no_progress"});
  std::vector<std::string> evidence;
  for (const StoredFinding& finding : summary.findings) {
    if (FindTraceDetector(finding.detector)->category != "loop") continue;
    evidence.insert(evidence.end(), finding.span_ids.begin(), finding.span_ids.end());
  }
  std::sort(evidence.begin(), evidence.end());
  CHECK(std::adjacent_find(evidence.begin(), evidence.end()) == evidence.end());
}

TEST_CASE("traces with a call are eligible for loops, however few calls they make") {
  TraceBuilder silent;
  silent.Agent("planner");
  silent.Llm();
  const TraceSummary none = silent.Analyse();
  TraceBuilder t;
  Turns(t, 1, {"a"});
  const TraceSummary summary = t.Analyse();
  for (const char* loop : {"error_repeat", "poll_no_progress", "exact_repeat", "cycle"}) {
    CHECK_FALSE(IsEligible(none, loop));
    CHECK(IsEligible(summary, loop));
  }
  CHECK(Loops(summary).empty());
}

}  // namespace
}  // namespace halo
