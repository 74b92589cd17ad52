// SPDX-License-Identifier: MIT
// Detectors whose findings depend on other runs: what one trace says. Whether a finding holds is
// tested with held_findings.h.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/written_trace.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
const std::string kTask = Says("user", "Where is my order?");
const std::string kTools = R"([{"name":"look","input_schema":{"type":"object"}}])";

Row Offered(Row row, const std::string& tools = kTools) {
  row.attributes.emplace_back("gen_ai.tool.definitions", tools);
  return row;
}

std::vector<Measure> MeasuresOf(const TraceSummary& summary, std::string_view detector) {
  std::vector<Measure> found;
  for (const Measure& measure : summary.measures) {
    if (FindTraceDetector(measure.detector)->name == detector) found.push_back(measure);
  }
  return found;
}

std::int64_t CallsOf(const TraceSummary& summary) {
  const std::vector<Measure> found = MeasuresOf(summary, "no_tool_use");
  return found.size() == 1 ? found[0].value : -1;
}

std::vector<Row> Answers(const std::string& prompt, const std::string& tools = kTools) {
  return {Agent("agent"),
          Offered(Chat("c1", prompt, List({Says("assistant", "It is in Rome.")})), tools)};
}

TEST_CASE("no_tool_use: an answer to the first message, without a call of the offered tools") {
  Written written;
  const TraceSummary summary = AnalyseTrace(written.Of(Answers(List({kTask}))));
  const std::vector<StoredFinding> found = FindingsOf(summary, "no_tool_use");
  REQUIRE(found.size() == 1);
  CHECK(found[0].condition == Condition::kOthersCall);
  CHECK(found[0].limit == 300);
  CHECK(found[0].opportunity == Opportunity::kAgent);
  CHECK(found[0].span_ids == std::vector<std::string>{"c1"});
  REQUIRE(found[0].evidence.size() == 1);
  CHECK(found[0].evidence[0].role == EvidenceRole::kAnswer);
  CHECK(found[0].waste == Waste{0, 0, 0});
  CHECK(CallsOf(summary) == static_cast<std::int64_t>(ChatOrCall::kAnswersOnly));
}

TEST_CASE("no_tool_use: a run that calls is what others are compared with") {
  Written written;
  const std::string ask = Asks("k1", "look", R"({"order":"A-1"})");
  const TraceSummary summary =
      AnalyseTrace(written.Of({Agent("agent"), Offered(Chat("c1", List({kTask}), List({ask}))),
                               Tool("t1", "look", "k1", R"({"order":"A-1"})", "In Rome."),
                               Offered(Chat("c2", List({kTask, ask, Told("k1", "In Rome.")}),
                                            List({Says("assistant", "It is in Rome.")})))}));
  CHECK(FindingsOf(summary, "no_tool_use").empty());
  CHECK(IsEligible(summary, "no_tool_use"));
  CHECK(CallsOf(summary) == static_cast<std::int64_t>(ChatOrCall::kCalls));
}

TEST_CASE("no_tool_use: a talk that goes on is a chat, a trace that continues one is not judged") {
  Written written;
  const std::string answer = Says("assistant", "Which order?");
  const TraceSummary chat =
      AnalyseTrace(written.Of({Agent("agent"), Offered(Chat("c1", List({kTask}), List({answer}))),
                               Offered(Chat("c2", List({kTask, answer, Says("user", "A-1")}),
                                            List({Says("assistant", "It is in Rome.")})))}));
  CHECK(FindingsOf(chat, "no_tool_use").empty());
  CHECK(CallsOf(chat) == static_cast<std::int64_t>(ChatOrCall::kIsChat));
  CHECK_FALSE(IsEligible(chat, "no_tool_use"));
}

TEST_CASE("no_tool_use: without tools, messages or an answer nothing is said") {
  Written written;
  const TraceSummary no_tools = AnalyseTrace(written.Of(
      {Agent("agent"), Chat("c1", List({kTask}), List({Says("assistant", "It is in Rome.")}))}));
  CHECK_FALSE(IsEligible(no_tools, "no_tool_use"));
  const TraceSummary no_content = AnalyseTrace(
      written.Of({Agent("agent"),
                  {"c1",
                   "agent",
                   {{"gen_ai.operation.name", "chat"}, {"gen_ai.tool.definitions", kTools}},
                   {}}}));
  CHECK_FALSE(IsEligible(no_content, "no_tool_use"));
  const TraceSummary blank = AnalyseTrace(written.Of(
      {Agent("agent"), Offered(Chat("c1", List({kTask}), List({Says("assistant", "")})))}));
  CHECK(FindingsOf(blank, "no_tool_use").empty());
}

// A call of `tool` that takes so many seconds.
SpanFacts& Takes(TraceBuilder& t, std::string_view tool, std::int64_t seconds) {
  SpanFacts& span = t.Tool(tool, "x", "y");
  span.end_ns = span.start_ns + seconds * kSecondNs;
  return span;
}

TEST_CASE("stall: the longest call above a minute, with calls above a tenth of that as measures") {
  TraceBuilder t;
  t.Agent("planner");
  Takes(t, "load", 2);
  Takes(t, "load", 7);
  Takes(t, "load", 100);
  Takes(t, "load", 300);
  t.Close();
  const TraceSummary summary = t.Analyse();
  const std::vector<StoredFinding> found = FindingsOf(summary, "stall");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus == Locus{"planner", "load", ""});
  CHECK(found[0].condition == Condition::kOverMedian);
  CHECK(found[0].value == 300 * kSecondNs);
  CHECK(found[0].limit == 10'000);
  CHECK(found[0].occurrences == 1);
  const std::vector<Measure> measures = MeasuresOf(summary, "stall");
  REQUIRE(measures.size() == 3);
  CHECK(measures[0].value == 7 * kSecondNs);
  CHECK(measures[2].name == "load");
}

TEST_CASE("stall: not a minute, a wait for a person, nor a call that contains others") {
  TraceBuilder t;
  t.Agent("planner");
  Takes(t, "load", 60);
  Takes(t, "approve", 600).human_wait = true;
  t.Open(Takes(t, "ask_agent", 600));
  t.Llm();
  CHECK(FindingsOf(t.Analyse(), "stall").empty());
}

TEST_CASE("stall: the thresholds decide what is long, and what is kept to compare with") {
  TraceBuilder t;
  t.Agent("planner");
  Takes(t, "load", 40);
  t.Close();
  Trace trace = t.Build();
  trace.thresholds.stall_seconds = 30;
  trace.thresholds.stall_times_median = 2;
  const TraceSummary summary = AnalyseTrace(trace);
  const std::vector<StoredFinding> found = FindingsOf(summary, "stall");
  REQUIRE(found.size() == 1);
  CHECK(found[0].limit == 2000);
  CHECK(MeasuresOf(summary, "stall").size() == 1);
}

TEST_CASE("stall: without times there is nothing to compare") {
  TraceBuilder t;
  SpanFacts& call = t.Tool("load", "x", "y");
  call.sequence = 1;
  call.start_ns = 0;
  call.end_ns = -1;
  const TraceSummary summary = t.Analyse();
  CHECK_FALSE(IsEligible(summary, "stall"));
  CHECK(FindingsOf(summary, "stall").empty());
}

// A run that looks up orders and gets these results.
TraceSummary Looks(Written& written, const std::vector<std::string>& results,
                   const std::string& tool = "look") {
  std::vector<Row> rows = {Agent("agent")};
  std::vector<std::string> prompt = {kTask};
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string id = "k" + std::to_string(i);
    const std::string arguments = R"({"order":"A-)" + std::to_string(i) + "\"}";
    const std::string ask = Asks(id, tool, arguments);
    rows.push_back(Chat("c" + id, List(prompt), List({ask})));
    rows.push_back(Tool("t" + id, tool, id, arguments, results[i]));
    prompt.push_back(ask);
    prompt.push_back(Told(id, results[i]));
  }
  rows.push_back(Chat("last", List(prompt), List({Says("assistant", "Done.")})));
  return AnalyseTrace(written.Of(rows));
}

TEST_CASE("same_answer_for_all: one text for three arguments; the second call shows it") {
  Written written;
  const TraceSummary summary = Looks(written, {"In Rome.", "In Rome.", "In Rome."});
  const std::vector<StoredFinding> found = FindingsOf(summary, "same_answer_for_all");
  REQUIRE(found.size() == 1);
  CHECK(found[0].locus.tool == "look");
  CHECK(found[0].condition == Condition::kTextOfFault);
  CHECK(found[0].span_ids == std::vector<std::string>{"tk0", "tk1", "tk2"});
  REQUIRE_FALSE(found[0].evidence.empty());
  CHECK(found[0].evidence[0].quote.span_id == "ck1");  // what was asked then
  CHECK(found[0].occurrences == 2);
  const std::vector<Measure> measures = MeasuresOf(summary, "same_answer_for_all");
  REQUIRE(measures.size() == 1);
  CHECK(measures[0].value == static_cast<std::int64_t>(TextKind::kOneText));
}

TEST_CASE("same_answer_for_all: different texts, two arguments, masks and tools that act") {
  Written written;
  const TraceSummary different = Looks(written, {"In Rome.", "In Bonn.", "In Rome.", "In Rome."});
  CHECK(FindingsOf(different, "same_answer_for_all").empty());
  CHECK(MeasuresOf(different, "same_answer_for_all").size() == 3);  // the kind and two texts
  CHECK(FindingsOf(Looks(written, {"In Rome.", "In Rome."}), "same_answer_for_all").empty());
  const TraceSummary masked = Looks(written, {"[REDACTED]", "[REDACTED]", "[REDACTED]"});
  CHECK_FALSE(IsEligible(masked, "same_answer_for_all"));
  const TraceSummary acts = Looks(written, {"ok then", "ok then", "ok then"}, "send_order");
  CHECK(FindingsOf(acts, "same_answer_for_all").empty());
  const TraceSummary polls = Looks(written, {"pending", "pending", "pending"}, "order_status");
  CHECK(FindingsOf(polls, "same_answer_for_all").empty());
}

}  // namespace
}  // namespace halo
