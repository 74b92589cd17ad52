// SPDX-License-Identifier: MIT
// Where a run first went wrong, and what could not be judged in it.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/trace_builder.h"
#include "tools/story/first_wrong.h"
#include "tools/story/judged.h"

namespace halo {
namespace {

std::vector<const StoredFinding*> All(const TraceSummary& summary) {
  std::vector<const StoredFinding*> out;
  for (const StoredFinding& finding : summary.findings) out.push_back(&finding);
  return out;
}

std::string IdOf(const TraceBuilder& t, const SpanFacts& span) {
  return std::string(t.words()[span.span_id]);
}

TEST_CASE("a run first goes wrong in the turn of its earliest finding, with what asked and read") {
  TraceBuilder t;
  t.Agent("planner");
  t.Turn("search", "a", "3 hits");
  const SpanFacts& failed = t.Fail(t.Turn("save", "b", ""), "KeyError: <str>");
  t.Fail(t.Turn("rank", "c", ""), "TypeError: <str>");
  const SpanFacts& last = t.Llm();
  t.Close();
  const std::string failed_id = IdOf(t, failed), last_id = IdOf(t, last);
  const Trace trace = t.Build();
  const TraceSummary summary = AnalyseTrace(trace);
  // The ranking puts the later one first.
  std::vector<const StoredFinding*> findings = All(summary);
  std::reverse(findings.begin(), findings.end());
  const auto first = FindFirstWrong(trace, findings);
  REQUIRE(first.has_value());
  CHECK(first->finding->locus.tool == "save");
  CHECK(first->turn.span_id.raw() == failed_id);
  CHECK(first->turn.turn == 2);
  CHECK(first->turn.turns == 4);
  CHECK_FALSE(first->turn.asked_by.empty());
  CHECK_FALSE(first->turn.seen_by.empty());
  CHECK(first->turn.seen_by.raw() != last_id);
  CHECK_FALSE(FindFirstWrong(trace, {}).has_value());

  const std::vector<TraceId> spans = SpansToRead(*first->finding, 6);
  REQUIRE_FALSE(spans.empty());
  CHECK(SpansToRead(*first->finding, 1).size() == 1);
}

// What is said of a run, as one text.
std::string Gaps(TraceBuilder& t, const OverviewStats& alike = {}) {
  TraceReading reading;
  reading.trace = t.Build();
  reading.summary = AnalyseTrace(reading.trace);
  std::string text;
  for (const Prose& gap : WhatWasJudged(reading, alike).not_judged) text += PlainText(gap) + "\n";
  return text;
}

bool Says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST_CASE("what was not recorded is named as not judged, and nothing else is") {
  const auto message = [](TraceBuilder& t) {
    MessageFacts facts;
    facts.role = MessageRole::kUser;
    facts.hash = 7;
    return t.Messages({facts});
  };
  TraceBuilder whole;
  whole.Agent("planner");
  SpanFacts& asks = whole.Llm();
  asks.prompt = message(whole);
  asks.tool_call_count = 1;
  asks.has_tool_definitions = true;
  whole.Tool("search", "a", "3 hits");
  whole.Llm().prompt = message(whole);
  whole.Close();
  CHECK(Gaps(whole).empty());

  TraceBuilder bare;
  bare.Agent("planner");
  for (int i = 0; i < 2; ++i) {
    SpanFacts& call = bare.Llm();
    call.has_output = false;
    call.output_quote = {};
  }
  bare.Tool("search", "", "").result_quote = {};
  bare.Close();
  const std::string text = Gaps(bare);
  CHECK(Says(text, "No message content is recorded (2 model calls)"));
  CHECK(Says(text, "1 of 1 tool call without a recorded result"));
  CHECK(Says(text, "1 of 1 tool call without recorded arguments"));

  TraceBuilder partly;
  partly.Agent("planner");
  SpanFacts& blind = partly.Llm();
  blind.prompt = message(partly);
  blind.tool_call_count = 1;
  partly.Tool("search", "a", "3 hits");
  SpanFacts& cut = partly.Llm();
  cut.prompt = message(partly);
  cut.prompt_cut = true;
  partly.Close();
  const std::string gaps = Gaps(partly);
  CHECK(Says(gaps, "1 of 1 model call that asked for a tool without recorded tool definitions"));
  CHECK(Says(gaps, "1 of 2 model calls with a prompt that a size limit cut"));
  CHECK_FALSE(Says(gaps, "No message content"));
}

TEST_CASE("a run without tools is compared with the other runs of its agent") {
  TraceBuilder t;
  t.Agent("planner");
  t.Llm();
  t.Close();
  OverviewStats alike;
  alike.units = 30;
  alike.units_without_tools = 20;
  CHECK(Says(Gaps(t, alike), "so it is in 20 of 30 settled runs of this agent (67 %)"));
  alike.units = 2;  // too few to say what is usual
  CHECK(Says(Gaps(t, alike), "It called no tool"));
  CHECK_FALSE(Says(Gaps(t, alike), "so it is in"));
}

}  // namespace
}  // namespace halo
