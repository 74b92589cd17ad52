// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

std::vector<StoredFinding> Find(TraceBuilder& t) {
  return FindingsOf(t.Analyse(), "error_cluster");
}

TEST_CASE("error_cluster: a failed call is told once, at its deepest span") {
  TraceBuilder t;
  t.Fail(t.Agent("planner"), "Error");
  t.Llm();
  t.Fail(t.Open(t.Tool("search", "x", "")), "ToolError: 503 Service Unavailable",
         Transport::kService);
  t.Fail(t.Add(Kind::kSpan, "GET"), "503 Service Unavailable", Transport::kService);
  const auto found = Find(t);
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus == Locus{"planner", "search", "GET"});
  CHECK(found[0].signature == "503 Service Unavailable");
  CHECK(found[0].tag == TransportName(Transport::kService));
  CHECK(found[0].evidence.at(0).quote.path == "status.message");
  CHECK(found[0].evidence.at(0).quote.span_id == "s000004");
}

TEST_CASE("error_cluster: equal causes at one place are one mode with several occurrences") {
  TraceBuilder t;
  t.Agent("planner");
  t.Fail(t.Turn("search", "a", ""), "ValueError: <str>");
  t.Fail(t.Turn("search", "b", ""), "ValueError: <str>");
  t.Fail(t.Turn("save", "a", ""), "ValueError: <str>");
  t.Fail(t.Turn("search", "a", ""), "KeyError: <str>");
  const auto found = Find(t);
  REQUIRE(found.size() == 3);
  for (const StoredFinding& finding : found) {
    const bool twice = finding.locus.tool == "search" && finding.signature == "ValueError: <str>";
    CHECK(finding.occurrences == (twice ? 2 : 1));
  }
}

TEST_CASE("error_cluster: the whole turn is wasted when all its calls failed") {
  TraceBuilder t;
  t.Agent("planner");
  t.Fail(t.Turn("search", "a", ""), "ValueError: bad");
  t.Turn("search", "b", "found");
  const auto lost = Find(t);
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].waste == Waste{110, 2000, 2 * kTestStepNs});

  TraceBuilder half;
  half.Agent("planner");
  half.Fail(half.Turn("search", "a", ""), "ValueError: bad");
  half.Tool("search", "b", "found");
  half.Llm();
  const auto kept = Find(half);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].waste == Waste{0, 0, kTestStepNs});
}

TEST_CASE("error_cluster: an agent with a cause of its own is told beside the call it handled") {
  TraceBuilder t;
  t.Fail(t.Agent("planner"), "AssertionError: plan is empty");
  t.Fail(t.Turn("search", "a", ""), "ValueError: bad");
  t.Llm();
  CHECK(Find(t).size() == 2);
}

TEST_CASE("error_cluster: limits, refusals and cut answers are told by their own detectors") {
  TraceBuilder t;
  t.Fail(t.Agent("planner"), "MaxTurnsExceeded").limit = t.Text("max_turns");
  t.Fail(t.Llm(), "content filter").finish = FinishClass::kRefusal;
  t.Fail(t.Llm(), "length").finish = FinishClass::kTruncated;
  CHECK(Find(t).empty());
}

TEST_CASE("error_cluster: a failure without any text still counts") {
  TraceBuilder t;
  t.Fail(t.Tool("search", "x", ""), "");
  const auto found = Find(t);
  REQUIRE(found.size() == 1);
  CHECK(found[0].signature == "error without text");
}

TEST_CASE("error_cluster: clean runs have none and are counted as runs that could") {
  TraceBuilder t;
  t.Agent("planner");
  t.Turn("search", "x", "y");
  CHECK(Find(t).empty());
  CHECK(IsEligible(t.Analyse(), "error_cluster"));
}

}  // namespace
}  // namespace halo
