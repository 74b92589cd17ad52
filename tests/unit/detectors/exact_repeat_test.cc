// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

std::vector<StoredFinding> Find(TraceBuilder& t) { return FindingsOf(t.Analyse(), "exact_repeat"); }

TEST_CASE("exact_repeat: four equal calls with equal results are a finding, three are not") {
  TraceBuilder t;
  t.Agent("planner");
  for (int i = 0; i < 3; ++i) t.Turn("search", "cats", "none");
  CHECK(Find(t).empty());
  // It had the opportunity.
  CHECK(IsEligible(t.Analyse(), "exact_repeat"));

  TraceBuilder more;
  more.Agent("planner");
  for (int i = 0; i < 4; ++i) more.Turn("search", "cats", "none");
  const auto found = Find(more);
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus == Locus{"planner", "search", ""});
  CHECK(found[0].span_ids.size() == 4);
  CHECK(found[0].evidence.at(0).quote.span_id == "s000003");
  CHECK(found[0].evidence.at(0).quote.path == "attributes.arguments");
  CHECK(found[0].occurrences == 1);
  CHECK(IsEligible(more.Analyse(), "exact_repeat"));
}

TEST_CASE("exact_repeat: all calls after the first and their model calls are wasted") {
  TraceBuilder t;
  t.Agent("planner");
  for (int i = 0; i < 4; ++i) t.Turn("search", "cats", "none");
  t.Llm();
  const auto found = Find(t);
  REQUIRE(found.size() == 1);
  CHECK(found[0].waste == Waste{330, 6000, 6 * kTestStepNs});
}

TEST_CASE("exact_repeat: a model call that also requested something new is not wasted") {
  TraceBuilder t;
  t.Agent("planner");
  t.Llm();
  for (int i = 0; i < 4; ++i) t.Tool("search", "cats", "none");
  t.Tool("search", "dogs", "some");
  const auto found = Find(t);
  REQUIRE(found.size() == 1);
  CHECK(found[0].waste.tokens == 0);
  CHECK(found[0].waste.critical_ns == 3 * kTestStepNs);
}

TEST_CASE("exact_repeat: different arguments or results are progress") {
  TraceBuilder arguments;
  for (const char* text : {"a", "a", "a", "b", "a"}) arguments.Turn("search", text, "none");
  CHECK(Find(arguments).empty());

  TraceBuilder results;
  for (const char* text : {"1", "1", "1", "2", "1"}) results.Turn("search", "a", text);
  CHECK(Find(results).empty());
}

TEST_CASE("exact_repeat: calls of two agents are separate sequences") {
  TraceBuilder t;
  for (const char* agent : {"one", "two"}) {
    t.Agent(agent);
    for (int i = 0; i < 3; ++i) t.Turn("search", "cats", "none");
    t.Close();
  }
  CHECK(Find(t).empty());
}

TEST_CASE("exact_repeat: a user message ends the sequence") {
  TraceBuilder t;
  for (int i = 0; i < 4; ++i) {
    t.Llm(i < 2 ? 1 : 2);
    t.Tool("search", "cats", "none");
    t.Llm(i < 2 ? 1 : 2);
  }
  CHECK(Find(t).empty());
}

TEST_CASE("exact_repeat: results passed as user messages do not end the sequence") {
  TraceBuilder t;
  for (int i = 0; i < 4; ++i) {
    t.Llm(1 + i);
    t.Tool("search", "cats", "none");
  }
  CHECK(Find(t).size() == 1);
}

TEST_CASE("exact_repeat: a question to a person ends the sequence") {
  TraceBuilder t;
  for (int i = 0; i < 4; ++i) t.Turn("ask", "may I?", "yes").human_wait = true;
  CHECK(Find(t).empty());
}

TEST_CASE("exact_repeat: calls inside another call are a separate sequence") {
  TraceBuilder t;
  for (int i = 0; i < 3; ++i) {
    t.Llm();
    t.Open(t.Tool("search", "cats", "none"));
    t.Tool("search", "cats", "none");  // for example the HTTP request of the same call
    t.Close();
  }
  CHECK(Find(t).empty());
}

TEST_CASE(
    "exact_repeat: without tool spans, the requests of the model are compared, with a higher "
    "limit") {
  TraceBuilder t;
  const auto ask = [&t] {
    SpanFacts& llm = t.Llm();
    llm.tool_call_count = 1;
    llm.calls_hash = 77;
  };
  for (int i = 0; i < 4; ++i) ask();
  CHECK(Find(t).empty());
  ask();
  const auto found = Find(t);
  REQUIRE(found.size() == 1);
  CHECK(found[0].waste.tokens == 4 * 110);
}

TEST_CASE("exact_repeat: unrecorded arguments are never equal") {
  TraceBuilder t;
  for (int i = 0; i < 9; ++i) t.Turn("search", "", "");
  CHECK(Find(t).empty());
}

TEST_CASE("exact_repeat: calls of a tool without arguments are compared by result") {
  TraceBuilder t;
  for (int i = 0; i < 4; ++i) t.Turn("now", "", "noon");
  CHECK(Find(t).size() == 1);
}

}  // namespace
}  // namespace halo
