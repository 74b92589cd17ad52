// SPDX-License-Identifier: MIT
// Invariants of every trace, however broken, checked on many random ones.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "engine/codec/facts_codec.h"
#include "engine/summaries/aggregates.h"
#include "tests/support/summary_bytes.h"
#include "tests/unit/trace_builder.h"

namespace halo {
namespace {

constexpr int kTraces = 400;

// Few different tools, arguments and errors, so that loops and equal causes occur; parents, times
// and ids as a broken emitter may write them.
class RandomTrace {
 public:
  explicit RandomTrace(unsigned seed) : random_(seed) {
    if (Below(5) == 0) {
      AddTalk();
      return;
    }
    const int size = Below(8) == 0 ? Below(400) : Below(40);
    for (int i = 0; i < size; ++i) {
      if (Below(15) == 0) AddLoop();
      if (Below(40) == 0) AddConversation();
      AddSpan();
    }
    // Some traces stay unbroken: detectors find little in broken ones.
    if (Below(3) == 0) return;
    for (SpanFacts& span : t_.spans()) Break(span);
  }

  Trace Build(unsigned order) {
    std::vector<SpanFacts> spans(t_.spans().begin(), t_.spans().end());
    std::mt19937 shuffle(order);
    std::shuffle(spans.begin(), spans.end(), shuffle);
    return BuildTrace("p", "t", t_.words(), std::move(spans));
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string Letter(int n) { return std::string(1, static_cast<char>('a' + Below(n))); }

  MessageFacts Message(MessageRole role) {
    MessageFacts facts;
    facts.role = role;
    facts.hash = static_cast<std::uint64_t>(1 + Below(4));
    facts.marks = 1u << Below(26);
    return facts;
  }

  void AddSpan() {
    if (depth_ > 0 && Below(6) == 0) {
      t_.Close();
      --depth_;
    }
    SpanFacts* span = nullptr;
    switch (Below(8)) {
      case 0:
        span = &t_.Agent(Letter(2));
        ++depth_;
        break;
      case 1:
        span = &t_.Open(t_.Add(Kind::kChain, "step"));
        ++depth_;
        break;
      case 2:
        span = &t_.Add(Kind::kSpan, "POST");
        break;
      case 3:
        span = &t_.Open(t_.Tool(Letter(2), Letter(2), Letter(2)));
        ++depth_;
        break;
      case 4:
      case 5:
        span = &t_.Tool(Letter(2), Letter(2), Letter(2));
        if (Below(4) == 0) span->answer = t_.Messages({Message(MessageRole::kTool)});
        break;
      default:
        span = &t_.Llm(Below(3));
        if (Below(4) == 0) {
          span->prompt = t_.Messages({Message(MessageRole::kUser), Message(MessageRole::kAssistant),
                                      Message(MessageRole::kUser)});
        }
        span->tool_call_count = static_cast<std::uint16_t>(Below(3));
        span->calls_hash = static_cast<std::uint64_t>(Below(2));
        span->finish = static_cast<FinishClass>(Below(6));
        span->output_blank = Below(5) == 0;
        if (Below(10) == 0) span->invalid_call = t_.Text("no such tool");
    }
    if (Below(3) == 0) t_.Fail(*span, "Error" + Letter(3), static_cast<Transport>(Below(4)));
    if (Below(20) == 0) span->limit = t_.Text(Letter(2));
    if (Below(4) == 0) {
      span->has_usage = true;
      span->usage.input = Below(1000);
      span->cost_nano_usd = Below(100000);
    }
    if (Below(10) == 0) {
      span->outcome = static_cast<Outcome>(Below(3));
      span->outcome_rule = static_cast<OutcomeRule>(Below(4));
    }
  }

  // Adds a loop, which is rare by chance.
  void AddLoop() {
    const int rounds = 3 + Below(3);
    const bool fails = Below(2) == 0;
    const bool attempts = Below(3) == 0;
    for (int i = 0; i < rounds; ++i) {
      if (attempts) {
        t_.Fail(t_.Llm(), "Error429", Transport::kRateLimit);
        continue;
      }
      t_.Turn("a", "x", "y");
      SpanFacts& call = t_.Turn("b", fails ? "x" : std::to_string(i % 2), "y");
      if (fails) t_.Fail(call, "Error");
    }
  }

  // An agent that is shown its results, cut, or not at all; its tool takes long, invents, repeats
  // itself or prints what it is given.
  void AddConversation() {
    MessagePool& pool = t_.words_to_change().messages();
    const char* const tool = Below(3) == 0 ? "python" : "look";
    const int calls = Below(8);
    const bool repeats = Below(2) == 0;
    NewMessage user;
    user.facts.role = MessageRole::kUser;
    user.facts.hash = 9;
    ContextId prompt = pool.Append(0, pool.Add(user));
    t_.Agent(Letter(2));
    for (int i = 0; i <= calls; ++i) {
      SpanFacts& llm = t_.Llm();
      llm.has_tool_definitions = true;
      llm.prompt = prompt;
      llm.usage.input = 15'000 * (i + 1);
      NewMessage answer;
      answer.facts.role = MessageRole::kAssistant;
      answer.facts.hash = static_cast<std::uint64_t>(20 + i);
      if (i < calls) AddCall(tool, i, answer);
      llm.answer = pool.Append(0, pool.Add(answer));
      if (i == calls) break;
      llm.tool_call_count = 1;
      llm.finish = FinishClass::kToolCalls;
      SpanFacts& call = t_.Tool(tool, std::to_string(i), "y");
      call.call_id = answer.calls[0].facts.id;
      call.arguments_hash = answer.calls[0].facts.request;
      if (Below(3) == 0) call.end_ns = call.start_ns + 90'000'000'000;
      NewMessage told;
      told.facts.role = MessageRole::kTool;
      told.facts.hash = static_cast<std::uint64_t>(repeats ? 40 : 40 + i);
      told.facts.size = Below(2) == 0 ? 60 : 60'000;
      told.facts.marks = Below(3) == 0 ? 1u << 20 : 0;
      told.heads = {static_cast<std::uint32_t>(70 + i)};
      call.answer = pool.Append(0, pool.Add(told));
      prompt = pool.Append(prompt, pool.Add(answer));
      told.facts.call_id = call.call_id;
      if (Below(3) == 0) told.facts.size /= 2;
      if (Below(3) != 0) prompt = pool.Append(prompt, pool.Add(told));
    }
    t_.Close();
  }

  // A run of a few answers that announce, plan, claim or make up, and call nothing.
  void AddTalk() {
    MessagePool& pool = t_.words_to_change().messages();
    ContextId prompt = 0;
    t_.Agent(Letter(2));
    const int answers = 1 + Below(3);
    for (int i = 0; i < answers; ++i) {
      NewMessage user;
      user.facts.role = MessageRole::kUser;
      user.facts.hash = static_cast<std::uint64_t>(10 + i);
      prompt = pool.Append(prompt, pool.Add(user));
      SpanFacts& llm = t_.Llm();
      llm.has_tool_definitions = true;
      llm.prompt = prompt;
      llm.finish = FinishClass::kStop;
      NewMessage answer;
      answer.facts.role = MessageRole::kAssistant;
      answer.facts.hash = static_cast<std::uint64_t>(20 + i);
      answer.facts.marks = 1u << (12 + Below(4));
      llm.answer = pool.Append(0, pool.Add(answer));
      llm.telling_quote = {t_.Text("output.value"), 0, 4};
      if (Below(3) == 0) llm.planned_tools = t_.Text("other");
      if (Below(6) == 0) llm.written_call = t_.Text("other");
      prompt = pool.Append(prompt, pool.Add(answer));
    }
    t_.Close();
  }

  void AddCall(std::string_view tool, int i, NewMessage& answer) {
    NewCall& call = answer.calls.emplace_back();
    call.facts.tool = t_.Text(tool);
    call.facts.id = ++last_id_;
    call.facts.request = static_cast<std::uint64_t>(100 + i);
    call.facts.size = 80;
    call.facts.whole_values = 1;
    call.values = {static_cast<std::uint32_t>(random_())};
    call.heads = {static_cast<std::uint32_t>(70 + i)};
  }

  void Break(SpanFacts& span) {
    std::deque<SpanFacts>& all = t_.spans();
    const int size = static_cast<int>(all.size());
    switch (Below(25)) {
      case 0:
        span.parent_id = all[Below(size)].span_id;  // may be itself, or close a cycle
        break;
      case 1:
        span.parent_id = t_.Text("elsewhere");
        break;
      case 2:
        std::swap(span.start_ns, span.end_ns);
        break;
      case 3:
        span.end_ns = 0;
        break;
      case 4:
        span.start_ns = Below(2) == 0 ? 0 : all[Below(size)].start_ns;
        break;
      case 5:
        span.end_ns = INT64_MAX;
        break;
      case 6:
        span.start_ns = INT64_MIN;
        break;
      case 7:
        span.human_wait = true;
        break;
      case 8:
        if (Below(4) == 0) span.span_id = all[Below(size)].span_id;
        break;
      default:
        break;
    }
  }

  std::mt19937 random_;
  TraceBuilder t_;
  int depth_ = 0;
  std::uint64_t last_id_ = 0;
};

TEST_CASE("on random traces, the order of arrival does not matter") {
  for (unsigned seed = 0; seed < kTraces; ++seed) {
    CAPTURE(seed);
    RandomTrace random(seed);
    const std::string one = SummaryBytes(AnalyseTrace(random.Build(1)));
    REQUIRE(one == SummaryBytes(AnalyseTrace(random.Build(2))));
    REQUIRE(one == SummaryBytes(AnalyseTrace(random.Build(3))));
  }
}

TEST_CASE("on random traces, waste never exceeds spend") {
  for (unsigned seed = 0; seed < kTraces; ++seed) {
    CAPTURE(seed);
    const TraceSummary summary = AnalyseTrace(RandomTrace(seed).Build(seed));
    Waste sum;
    for (const StoredFinding& finding : summary.findings) {
      REQUIRE(finding.waste.tokens >= kUnknownAmount);
      REQUIRE(finding.waste.nano_usd >= kUnknownAmount);
      REQUIRE(finding.waste.critical_ns >= 0);
      sum += finding.waste;
    }
    REQUIRE(sum.tokens <= summary.usage.total());
    REQUIRE(sum.nano_usd <= summary.nano_usd);
    REQUIRE(sum.critical_ns <= summary.critical_ns);
  }
}

TEST_CASE("on random traces, every finding is eligible, has evidence and occurs once") {
  std::set<int> seen;
  for (unsigned seed = 0; seed < kTraces; ++seed) {
    CAPTURE(seed);
    const TraceSummary summary = AnalyseTrace(RandomTrace(seed).Build(seed));
    std::set<std::pair<int, ModeId>> modes;
    for (const StoredFinding& finding : summary.findings) {
      REQUIRE((summary.eligible >> finding.detector & 1) == 1);
      REQUIRE_FALSE(finding.span_ids.empty());
      REQUIRE(finding.occurrences > 0);
      REQUIRE(modes.emplace(finding.detector, finding.mode).second);
      seen.insert(finding.detector);
    }
  }
  for (const TraceDetector& detector : AllTraceDetectors()) {
    INFO(detector.name);
    CHECK(seen.contains(detector.id));  // the traces exercise every detector
  }
}

TEST_CASE("over random traces, every run that shows an entry is eligible for it") {
  SummaryTable table;
  for (unsigned seed = 0; seed < kTraces; ++seed) {
    TraceSummary summary = AnalyseTrace(RandomTrace(seed).Build(seed));
    summary.trace_id = "trace" + std::to_string(seed);
    SummaryColumns columns;
    AppendSummary(summary, {static_cast<int>(seed), 0, 0}, columns);
    const auto block = UnpackColumns(EncodeColumns(columns, false), table.detail());
    REQUIRE(block.has_value());
    REQUIRE(table.Add(*block).has_value());
  }
  Question later;
  later.now_ns = kTestStartNs * 2;
  const std::vector<ModeStats> entries = AnswerModes(table, later, 0);
  CHECK(entries.size() > 20);
  for (const ModeStats& entry : entries) {
    INFO(static_cast<int>(entry.detector)
         << " at " << entry.locus.agent << "/" << entry.locus.tool << "/" << entry.locus.span_name);
    CHECK(entry.units <= entry.eligible_units);
    CHECK(entry.ineligible_units == 0);
  }
}

TEST_CASE("on random traces, roll-ups add up to the trace") {
  for (unsigned seed = 0; seed < kTraces; ++seed) {
    CAPTURE(seed);
    const TraceSummary summary = AnalyseTrace(RandomTrace(seed).Build(seed));
    OperationRollup sum;
    for (const OperationRollup& operation : summary.operations) {
      sum.count += operation.count;
      sum.usage.input += operation.usage.input;
      sum.usage.output += operation.usage.output;
      sum.nano_usd += operation.nano_usd;
      sum.critical_ns += operation.critical_ns;
    }
    REQUIRE(sum.count == summary.span_count);
    REQUIRE(sum.usage.total() == summary.usage.total());
    REQUIRE(sum.nano_usd == summary.nano_usd);
    REQUIRE(sum.critical_ns == summary.critical_ns);
  }
}

TEST_CASE("on random traces, parents lead to a root and every span has one scope") {
  for (unsigned seed = 0; seed < kTraces; ++seed) {
    CAPTURE(seed);
    const Trace trace = RandomTrace(seed).Build(seed);
    for (std::size_t i = 0; i < trace.spans.size(); ++i) {
      std::size_t depth = 0;
      for (SpanIndex above = trace.parent[i]; above != -1; above = trace.parent[above]) {
        REQUIRE(++depth < trace.spans.size());
      }
      REQUIRE(trace.scope[i] >= 0);
      REQUIRE(trace.scope[i] < static_cast<std::int32_t>(trace.scopes.size()));
    }
    REQUIRE((trace.root == -1) == trace.spans.empty());
  }
}

}  // namespace
}  // namespace halo
