// SPDX-License-Identifier: MIT
// Which spans' tokens and cost count if several levels report them.
#include "engine/trace/spend.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "engine/trace/same_model.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

// A span of a trace that is listed in depth-first order: the parent is the last earlier row with a
// lower depth.
struct Row {
  int depth;
  Kind kind;
  const char* name;
  const char* model;
  std::int64_t input, output;  // -1: none is reported
  std::int64_t nano_usd = 0;
  CostSource source = CostSource::kNone;
  std::int64_t cached = 0;
};

struct Case {
  const char* what;
  std::vector<Row> rows;
  std::map<std::string, std::int64_t> tokens;  // by span, if any of its tokens count
  int llm_calls;
};

constexpr Kind kLlm = Kind::kLlm, kAgent = Kind::kAgent, kChain = Kind::kChain, kTool = Kind::kTool;

TraceBuilder Told(const std::vector<Row>& rows) {
  TraceBuilder t;
  std::vector<SpanFacts*> open;
  for (const Row& row : rows) {
    for (; static_cast<int>(open.size()) > row.depth; open.pop_back()) t.Close();
    SpanFacts& span = t.Open(t.Add(row.kind, row.name));
    open.push_back(&span);
    span.model = *row.model == 0 ? 0 : t.Text(row.model);
    span.has_usage = row.input >= 0;
    span.usage.input = std::max<std::int64_t>(0, row.input);
    span.usage.output = std::max<std::int64_t>(0, row.output);
    span.usage.cache_read = row.cached;
    span.cost_nano_usd = row.nano_usd;
    span.cost_source = row.source;
    if (row.kind == kTool) span.tool = span.name;
  }
  return t;
}

std::map<std::string, std::int64_t> TokensOf(const Trace& trace) {
  std::map<std::string, std::int64_t> tokens;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const std::int64_t total = trace.spend[i].usage.total();
    if (total != 0) tokens[std::string(trace.Text(trace.spans[i].name))] += total;
  }
  return tokens;
}

TEST_CASE("usage reported at several levels counts once, separate calls count separately") {
  const std::vector<Case> cases = {
      {"a wrapper repeats the call inside it",
       {{0, kLlm, "outer", "gpt-4o", 100, 10}, {1, kLlm, "inner", "gpt-4o", 100, 10}},
       {{"inner", 110}},
       1},
      {"a wrapper names the model without its date, and a provider",
       {{0, kLlm, "outer", "openai/gpt-4o", 100, 10},
        {1, kLlm, "inner", "gpt-4o-2024-08-06", 100, 10}},
       {{"inner", 110}},
       1},
      {"wrapper, child and grandchild",
       {{0, kLlm, "outer", "m", 100, 10},
        {1, kLlm, "middle", "m", 100, 10},
        {2, kLlm, "inner", "m", 100, 10}},
       {{"inner", 110}},
       1},
      {"a chain between wrapper and call",
       {{0, kLlm, "outer", "m", 100, 10},
        {1, kChain, "retry", "", -1, -1},
        {2, kLlm, "inner", "m", 100, 10}},
       {{"inner", 110}},
       1},
      {"an inner call of another model",
       {{0, kLlm, "outer", "gpt-4o", 1000, 100}, {1, kLlm, "guard", "gpt-4o-mini", 50, 5}},
       {{"outer", 1100}, {"guard", 55}},
       2},
      {"an inner call of another model that spends more",
       {{0, kLlm, "outer", "gpt-4o", 50, 5}, {1, kLlm, "inner", "claude-sonnet-4", 1000, 100}},
       {{"outer", 55}, {"inner", 1100}},
       2},
      {"an inner call of the same model that the outer one does not contain",
       {{0, kLlm, "outer", "m", 100, 10}, {1, kLlm, "inner", "m", 500, 50}},
       {{"outer", 110}, {"inner", 550}},
       2},
      {"more output inside than outside",
       {{0, kLlm, "outer", "m", 100, 10}, {1, kLlm, "inner", "m", 90, 50}},
       {{"outer", 110}, {"inner", 140}},
       2},
      {"three calls inside each other",
       {{0, kLlm, "a", "m", 100, 10}, {1, kLlm, "b", "m", 200, 20}, {2, kLlm, "c", "m", 400, 40}},
       {{"a", 110}, {"b", 220}, {"c", 440}},
       3},
      {"a wrapper around a call with a call of another model beside it",
       {{0, kLlm, "outer", "m", 1000, 100},
        {1, kLlm, "guard", "small", 50, 5},
        {1, kLlm, "request", "m", 1000, 100}},
       {{"guard", 55}, {"request", 1100}},
       2},
      {"a wrapper sums up its attempts",
       {{0, kLlm, "outer", "m", 300, 30},
        {1, kLlm, "one", "m", 100, 10},
        {1, kLlm, "two", "m", 200, 20}},
       {{"one", 110}, {"two", 220}},
       2},
      {"a wrapper sums up calls of two other models",
       {{0, kLlm, "outer", "router", 300, 30},
        {1, kLlm, "one", "a", 100, 10},
        {1, kLlm, "two", "b", 200, 20}},
       {{"one", 110}, {"two", 220}},
       2},
      {"a wrapper reports more than the one attempt that was exported",
       {{0, kLlm, "outer", "m", 300, 30}, {1, kLlm, "last", "m", 200, 20}},
       {{"outer", 110}, {"last", 220}},
       1},
      {"a wrapper has only the last step of several",
       {{0, kLlm, "outer", "m", 200, 20},
        {1, kLlm, "one", "m", 100, 10},
        {1, kLlm, "two", "m", 200, 20}},
       {{"one", 110}, {"two", 220}},
       2},
      {"a wrapper leaves the cached tokens out",
       {{0, kLlm, "outer", "m", 100, 10},
        {1, kLlm, "inner", "m", 1000, 10, 0, CostSource::kNone, 900}},
       {{"inner", 1010}},
       1},
      {"a gateway's alias without a price repeats the call",
       {{0, kLlm, "outer", "house-alias", 100, 10, 0, CostSource::kUnpriced},
        {1, kLlm, "inner", "gpt-4o", 100, 10}},
       {{"inner", 110}},
       1},
      {"the wrapper alone reports usage",
       {{0, kLlm, "outer", "m", 100, 10}, {1, kLlm, "inner", "m", -1, -1}},
       {{"outer", 110}},
       1},
      {"the call alone reports usage",
       {{0, kLlm, "outer", "m", -1, -1}, {1, kLlm, "inner", "m", 100, 10}},
       {{"inner", 110}},
       1},
      {"a stamp of zeros is no usage",
       {{0, kAgent, "root", "m", 300, 30}, {1, kLlm, "call", "m", 0, 0}},
       {{"root", 330}},
       1},
      {"nobody reports usage",
       {{0, kLlm, "outer", "m", -1, -1}, {1, kLlm, "inner", "m", -1, -1}},
       {},
       1},
      {"a tool inside a call calls on its own account",
       {{0, kLlm, "asks", "m", 100, 10},
        {1, kTool, "tool", "", -1, -1},
        {2, kLlm, "inside", "m", 100, 10}},
       {{"asks", 110}, {"inside", 110}},
       2},
      {"an agent repeats the sum of its calls",
       {{0, kAgent, "root", "m", 300, 30},
        {1, kLlm, "one", "m", 100, 10},
        {1, kLlm, "two", "m", 200, 20}},
       {{"one", 110}, {"two", 220}},
       2},
      {"an agent sums up more than what was exported",
       {{0, kAgent, "root", "m", 900, 90}, {1, kLlm, "last", "m", 200, 20}},
       {{"root", 770}, {"last", 220}},
       1},
      {"a root with the usage of its last step",
       {{0, kChain, "root", "m", 200, 20},
        {1, kLlm, "one", "m", 100, 10},
        {1, kLlm, "two", "m", 200, 20}},
       {{"one", 110}, {"two", 220}},
       2},
      {"a root that sums up its own calls and not those of an agent below it",
       {{0, kAgent, "root", "m", 300, 30},
        {1, kLlm, "one", "m", 100, 10},
        {1, kLlm, "two", "m", 200, 20},
        {1, kTool, "ask", "", -1, -1},
        {2, kAgent, "helper", "m", 5, 1},
        {3, kLlm, "three", "m", 5, 1}},
       {{"one", 110}, {"two", 220}, {"three", 6}},
       3},
      {"agent in agent, each with its sum",
       {{0, kAgent, "root", "m", 300, 30},
        {1, kLlm, "one", "m", 100, 10},
        {1, kAgent, "helper", "m", 200, 20},
        {2, kLlm, "two", "m", 200, 20}},
       {{"one", 110}, {"two", 220}},
       2},
      {"an agent that called another model itself",
       {{0, kAgent, "root", "large", 50, 5}, {1, kAgent, "helper", "small", 700, 70}},
       {{"root", 55}, {"helper", 770}},
       0},
      {"only the root reports usage",
       {{0, kAgent, "root", "m", 300, 30}, {1, kLlm, "one", "m", -1, -1}},
       {{"root", 330}},
       1},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    TraceBuilder t = Told(each.rows);
    const Trace trace = t.Build();
    CHECK(TokensOf(trace) == each.tokens);
    const TraceSummary summary = AnalyseTrace(trace);
    CHECK(summary.llm_calls == each.llm_calls);
    std::int64_t folded = 0, calls = 0;
    for (const Row& row : each.rows) {
      calls += row.kind == kLlm;
      folded += row.kind == kLlm && row.input + row.output > 0;
    }
    // Each model call is a call, a wrapper that is counted as such, or reports nothing.
    CHECK(summary.health.rolled_up_calls <= folded);
    CHECK(calls - each.llm_calls >= summary.health.rolled_up_calls);
    std::int64_t total = 0, model_calls = 0;
    for (const auto& [name, tokens] : each.tokens) total += tokens;
    CHECK(summary.usage.total() == total);
    for (const OperationRollup& operation : summary.operations) {
      model_calls += operation.kind == kLlm ? operation.count : 0;
      total -= operation.usage.total();
    }
    CHECK(total == 0);
    CHECK(model_calls == each.llm_calls);
  }
}

TEST_CASE("every count of calls agrees, and says what is no call of its own") {
  constexpr CostSource kComputed = CostSource::kComputed, kReported = CostSource::kReported;
  struct CountCase {
    const char* what;
    std::vector<Row> rows;
    int calls, rolled_up, computed, reported;
  };
  const std::vector<CountCase> cases = {
      {"two calls, one in the other",
       {{0, kLlm, "outer", "m", 100, 10, 20, kComputed},
        {1, kLlm, "inner", "m", 90, 50, 30, kComputed}},
       2,
       0,
       2,
       0},
      {"a wrapper that reports more than the call in it",
       {{0, kLlm, "outer", "m", 300, 30, 60, kComputed},
        {1, kLlm, "inner", "m", 200, 20, 40, kComputed}},
       1,
       1,
       1,
       0},
      {"the same with reported costs",
       {{0, kLlm, "outer", "m", 300, 30, 60, kReported},
        {1, kLlm, "inner", "m", 200, 20, 40, kReported}},
       1,
       1,
       0,
       1},
      {"a wrapper that repeats the call in it",
       {{0, kLlm, "outer", "m", 200, 20, 40, kComputed},
        {1, kLlm, "inner", "m", 200, 20, 40, kComputed}},
       1,
       1,
       1,
       0},
      {"a sum of two",
       {{0, kLlm, "outer", "m", 300, 30, 60, kComputed},
        {1, kLlm, "one", "m", 100, 10, 20, kComputed},
        {1, kLlm, "two", "m", 200, 20, 40, kComputed}},
       2,
       1,
       2,
       0},
      {"a wrapper that reports nothing",
       {{0, kLlm, "outer", "m", -1, -1}, {1, kLlm, "inner", "m", 200, 20, 40, kComputed}},
       1,
       0,
       1,
       0},
  };
  for (const CountCase& each : cases) {
    INFO(each.what);
    TraceBuilder t = Told(each.rows);
    const TraceSummary summary = AnalyseTrace(t.Build());
    CHECK(summary.llm_calls == each.calls);
    CHECK(summary.health.rolled_up_calls == each.rolled_up);
    CHECK(summary.computed_costs == each.computed);
    CHECK(summary.reported_costs == each.reported);
  }
}

TEST_CASE("the difference of a sum includes cached and reasoning tokens") {
  TraceBuilder t = Told({{0, kAgent, "root", "m", 900, 90}, {1, kLlm, "last", "m", 200, 20}});
  t.spans()[0].usage.cache_read = 500;
  t.spans()[0].usage.reasoning = 30;
  t.spans()[1].usage.cache_read = 150;
  t.spans()[1].usage.reasoning = 10;
  const Trace trace = t.Build();
  CHECK(trace.spend[0].usage.input == 700);
  CHECK(trace.spend[0].usage.output == 70);
  CHECK(trace.spend[0].usage.cache_read == 350);
  CHECK(trace.spend[0].usage.reasoning == 20);
}

TEST_CASE("cost counts once, at the deepest spans that report it") {
  constexpr CostSource kReported = CostSource::kReported, kComputed = CostSource::kComputed,
                       kUnpriced = CostSource::kUnpriced;
  struct MoneyCase {
    const char* what;
    std::vector<Row> rows;
    std::vector<std::int64_t> nano_usd;  // in the order of the rows
    int unpriced;
  };
  const std::vector<MoneyCase> cases = {
      {"computed at both levels",
       {{0, kAgent, "root", "m", 100, 10, 2000, kComputed},
        {1, kLlm, "call", "m", 100, 10, 2000, kComputed}},
       {0, 2000},
       0},
      {"a sum is priced as a dearer model: it costs no more than its calls",
       {{0, kAgent, "root", "m", 100, 10, 9000, kComputed},
        {1, kLlm, "call", "m", 100, 10, 2000, kComputed}},
       {0, 2000},
       0},
      {"the difference has the rest of the cost",
       {{0, kAgent, "root", "m", 300, 30, 6000, kComputed},
        {1, kLlm, "call", "m", 100, 10, 2000, kComputed}},
       {4000, 2000},
       0},
      {"the difference of calls of several models has its share of the cost",
       {{0, kAgent, "root", "m", 300, 30, 6000, kComputed},
        {1, kLlm, "call", "other", 100, 10, 50, kComputed}},
       {4000, 50},
       0},
      {"only the root reports a cost; its calls are no longer unpriced",
       {{0, kAgent, "root", "", -1, -1, 500'000, kReported},
        {1, kLlm, "call", "house", 100, 10, 0, kUnpriced}},
       {500'000, 0},
       0},
      {"a reported cost above priced calls counts for the rest",
       {{0, kAgent, "root", "", -1, -1, 500'000, kReported},
        {1, kLlm, "call", "m", 100, 10, 300'000, kReported},
        {1, kLlm, "call", "m", 100, 10, 100'000, kComputed}},
       {100'000, 300'000, 100'000},
       0},
      {"two calls of their own, two costs",
       {{0, kLlm, "outer", "a", 100, 10, 2000, kReported},
        {1, kLlm, "inner", "b", 50, 5, 1000, kReported}},
       {2000, 1000},
       0},
      {"a call's cost says nothing of another call inside it",
       {{0, kLlm, "outer", "a", 100, 10, 2000, kReported},
        {1, kLlm, "inner", "b", 50, 5, 0, kUnpriced}},
       {2000, 0},
       1},
      {"a difference of a model without a price is unpriced",
       {{0, kAgent, "root", "house", 300, 30, 0, kUnpriced},
        {1, kLlm, "call", "house", 100, 10, 0, kUnpriced}},
       {0, 0},
       2},
      {"a reported sum that the priced calls use up holds no other call's cost",
       {{0, kAgent, "root", "", -1, -1, 300'000, kReported},
        {1, kLlm, "call", "m", 100, 10, 300'000, kReported},
        {1, kLlm, "call", "house", 100, 10, 0, kUnpriced}},
       {0, 300'000, 0},
       1},
      {"a call whose counts were refused is unpriced",
       {{0, kAgent, "root", "", -1, -1}, {1, kLlm, "call", "m", -1, -1, 0, kUnpriced}},
       {0, 0},
       1},
      {"a reported sum holds what it cost",
       {{0, kAgent, "root", "", -1, -1, 500'000, kReported},
        {1, kLlm, "call", "m", -1, -1, 0, kUnpriced}},
       {500'000, 0},
       0},
      {"a sum of tokens holds what it spent",
       {{0, kAgent, "root", "m", 300, 30, 6000, kComputed},
        {1, kLlm, "call", "m", -1, -1, 0, kUnpriced}},
       {6000, 0},
       0},
      {"an agent whose counts were refused, without calls",
       {{0, kAgent, "root", "m", -1, -1, 0, kUnpriced}},
       {0},
       1},
      {"an agent whose counts were refused: its calls say what it spent",
       {{0, kAgent, "root", "m", -1, -1, 0, kUnpriced},
        {1, kLlm, "call", "m", 100, 10, 2000, kComputed}},
       {0, 2000},
       0},
  };
  for (const MoneyCase& each : cases) {
    INFO(each.what);
    TraceBuilder t = Told(each.rows);
    const Trace trace = t.Build();
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < each.nano_usd.size(); ++i) {
      CAPTURE(i);
      CHECK(trace.spend[i].nano_usd == each.nano_usd[i]);
      sum += each.nano_usd[i];
    }
    const TraceSummary summary = AnalyseTrace(trace);
    CHECK(summary.nano_usd == sum);
    CHECK(summary.unpriced_calls == each.unpriced);
  }
}

TEST_CASE("the model is a dimension of calls, not of their wrappers") {
  TraceBuilder t = Told({{0, kAgent, "root", "gpt-4o", 1150, 115},
                         {1, kLlm, "outer", "gpt-4o", 1100, 110},
                         {2, kLlm, "request", "gpt-4o-2024-08-06", 1100, 110},
                         {3, kLlm, "guard", "gpt-4o-mini", 50, 5}});
  const TraceSummary summary = t.Analyse();
  std::map<std::string, std::int64_t> calls;
  for (const OperationRollup& operation : summary.operations) {
    if (!operation.model.empty()) calls[operation.model] += operation.count;
  }
  CHECK(calls == std::map<std::string, std::int64_t>{{"gpt-4o-2024-08-06", 1}, {"gpt-4o-mini", 1}});
  CHECK(summary.llm_calls == 2);
  CHECK(summary.usage.total() == 1265);
}

TEST_CASE("names of the same model may differ in provider, region, date and case") {
  CHECK(IsSameModel("gpt-4o", "GPT-4o"));
  CHECK(IsSameModel("openai/gpt-4o", "gpt-4o-2024-08-06"));
  CHECK(IsSameModel("claude-sonnet-4", "us.anthropic.claude-sonnet-4-20250514-v1:0"));
  CHECK(IsSameModel("models/gemini-2.5-pro", "gemini-2.5-pro-preview-05-06"));
  CHECK(IsSameModel("gpt-4", "gpt-4-0613"));
  CHECK_FALSE(IsSameModel("gpt-4o", "gpt-4o-mini"));
  CHECK_FALSE(IsSameModel("gpt-4", "gpt-4.1"));
  CHECK_FALSE(IsSameModel("claude-3", "claude-3-5-sonnet"));
  CHECK_FALSE(IsSameModel("gpt-4", "gpt-4-32k"));
  CHECK_FALSE(IsSameModel("", "gpt-4"));
}

TEST_CASE("a span's own agent name takes precedence over its parents'") {
  TraceBuilder t;
  t.Agent("planner");
  t.Llm();
  t.Open(t.Add(kChain, "handoff")).agent = t.Text("billing");
  t.Llm();
  t.Fail(t.Tool("refund", "x", ""), "boom").agent = t.Text("desk");
  const TraceSummary summary = t.Analyse();
  CHECK(summary.agents == std::vector<std::string>{"billing", "desk", "planner"});
  CHECK(OnlyFinding(summary, "error_cluster").locus == Locus{"desk", "refund", ""});
  std::map<std::string, std::int64_t> calls;
  for (const OperationRollup& operation : summary.operations) {
    if (operation.kind == kLlm) calls[operation.agent] += operation.count;
  }
  CHECK(calls == std::map<std::string, std::int64_t>{{"billing", 1}, {"planner", 1}});
}

TEST_CASE("a side call does not separate a call from its tools") {
  TraceBuilder t;
  t.Agent("planner");
  SpanFacts& asks = t.Open(t.Llm());
  asks.tool_call_count = 1;
  SpanFacts& guard = t.Llm();
  guard.model = t.Text("guard");
  t.Close();
  t.Fail(t.Tool("search", "x", ""), "boom");
  const Trace trace = t.Build();
  REQUIRE(trace.calls.size() == 1);
  CHECK(trace.calls[0].front().asked_by == 1);
  CHECK(AnalyseTrace(trace).llm_calls == 2);
}

TEST_CASE("20,000 nested calls are processed quickly") {
  TraceBuilder t;
  for (int i = 0; i < 20'000; ++i) {
    SpanFacts& llm = t.Open(t.Llm());
    llm.model = t.Text("model" + std::to_string(i % 50));
    llm.usage.input = i;
  }
  const TraceSummary summary = t.Analyse();
  CHECK(summary.llm_calls > 10'000);
}

SpanFacts& Report(SpanFacts& span, std::int64_t nano_usd) {
  span.cost_source = CostSource::kReported;
  span.cost_nano_usd = nano_usd;
  return span;
}

SpanFacts& Unpriced(SpanFacts& span) {
  span.cost_source = CostSource::kUnpriced;
  span.cost_nano_usd = 0;
  return span;
}

struct Total {
  std::int64_t tokens = 0, nano_usd = 0;
};
Total TotalOf(const Trace& trace) {
  Total total;
  for (const Spend& spend : trace.spend) {
    total.tokens += spend.usage.total();
    total.nano_usd += spend.nano_usd;
  }
  return total;
}

TEST_CASE("a cost reported only by wrappers counts once, tokens count where they were spent") {
  TraceBuilder t;
  t.Open(Report(t.Agent("root"), 500));
  SpanFacts& inner = Report(t.Agent("inner"), 500);
  inner.has_usage = true;
  inner.usage.input = 220;
  t.Open(t.Tool("ask", "x", "y"));
  Unpriced(t.Llm());
  t.Close();
  Unpriced(t.Llm());
  const Trace trace = t.Build();
  CHECK(TotalOf(trace).tokens == 220);
  CHECK(TotalOf(trace).nano_usd == 500);
}

TEST_CASE("a call with refused counts does not hide the usage of its wrapper") {
  TraceBuilder t;
  SpanFacts& agent = t.Agent("root");
  agent.has_usage = true;
  agent.usage.input = 300;
  agent.cost_source = CostSource::kComputed;
  agent.cost_nano_usd = 900;
  SpanFacts& refused = Unpriced(t.Llm());
  refused.has_usage = false;
  refused.usage = {};
  CHECK(TotalOf(t.Build()).nano_usd == 900);
  CHECK(TotalOf(t.Build()).tokens == 300);
}

TEST_CASE("costs of nested wrappers never count twice") {
  TraceBuilder t;
  for (int depth = 0; depth < 20'000; ++depth) {
    Report(t.Agent("wrapper"), 1'000'000 - depth);
    Unpriced(t.Llm());
  }
  CHECK(TotalOf(t.Build()).nano_usd == 1'000'000);
}

}  // namespace
}  // namespace halo
