// SPDX-License-Identifier: MIT
// Builds traces for tests, in the order in which things happen:
//
//   TraceBuilder t;
//   t.Agent("planner");
//   t.Llm();
//   t.Tool("search", "cats", "no results");
//   t.Close();
//
// Every span starts when the previous one ended, lasts 10 ms and is a child of the innermost open
// span. Each call returns the span's facts, which a test can change.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/analysis/analyse_trace.h"
#include "engine/detectors/all_detectors.h"
#include "engine/model/trace_summary.h"
#include "engine/trace/trace.h"

namespace halo {

inline constexpr std::int64_t kTestStartNs = 1'700'000'000'000'000'000;
inline constexpr std::int64_t kTestStepNs = 10'000'000;

class TraceBuilder {
 public:
  StringId Text(std::string_view text) { return words_.Intern(text); }
  const StringPool& words() const { return words_; }
  StringPool& words_to_change() { return words_; }

  SpanFacts& Add(Kind kind, std::string_view name) {
    char id[16];
    std::snprintf(id, sizeof id, "s%06zu", spans_.size() + 1);
    SpanFacts& span = spans_.emplace_back();
    span.span_id = Text(id);
    span.parent_id = open_.empty() ? 0 : open_.back()->span_id;
    span.kind = kind;
    span.name = span.operation = Text(name);
    span.convention = Text("test");
    span.start_ns = now_ns_;
    now_ns_ += kTestStepNs;
    span.end_ns = now_ns_;
    span.content_hash = spans_.size();
    return span;
  }

  // Makes the span the parent of those that follow, until Close.
  SpanFacts& Open(SpanFacts& span) {
    open_.push_back(&span);
    return span;
  }
  SpanFacts& Agent(std::string_view name) {
    SpanFacts& span = Add(Kind::kAgent, name);
    span.agent = Text(name);
    return Open(span);
  }
  void Close() {
    open_.back()->end_ns = now_ns_;
    open_.pop_back();
  }

  // A model call with 100 input tokens, 10 output tokens and a cost of 2000 nano-USD.
  SpanFacts& Llm(int user_turns = 1) {
    SpanFacts& span = Add(Kind::kLlm, "chat");
    span.model = Text("small");
    span.has_usage = true;
    span.usage.input = 100;
    span.usage.output = 10;
    span.cost_source = CostSource::kComputed;
    span.cost_nano_usd = 2000;
    span.finish = FinishClass::kStop;
    span.has_output = true;
    span.user_turns = static_cast<std::uint16_t>(user_turns);
    span.output_quote = Quote("attributes.output");
    span.finish_quote = Quote("attributes.finish");
    return span;
  }

  // Empty arguments or an empty result mean that they were not recorded.
  SpanFacts& Tool(std::string_view tool, std::string_view arguments, std::string_view result) {
    SpanFacts& span = Add(Kind::kTool, tool);
    span.tool = Text(tool);
    span.arguments_hash = Hash(std::string(tool) + "(" + std::string(arguments) + ")");
    span.result_hash = Hash(result);
    if (!arguments.empty()) span.arguments_quote = Quote("attributes.arguments");
    span.result_quote = Quote("attributes.result");
    return span;
  }

  SpanFacts& Fail(SpanFacts& span, std::string_view signature,
                  Transport transport = Transport::kNone) {
    span.failed = true;
    span.failure_rule = FailureRule::kStatus;
    span.status = StatusCode::kError;
    span.error_signature = Text(signature);
    span.transport = transport;
    span.result_hash = 0;
    span.error_quote = Quote("status.message");
    return span;
  }

  // A model call that requests a tool call, and that tool call. Returns the latter.
  SpanFacts& Turn(std::string_view tool, std::string_view arguments, std::string_view result) {
    SpanFacts& llm = Llm();
    llm.tool_call_count = 1;
    llm.finish = FinishClass::kToolCalls;
    return Tool(tool, arguments, result);
  }

  std::uint64_t Hash(std::string_view text) {
    return text.empty() ? 0 : std::hash<std::string_view>()(text) | 1;
  }
  QuoteRef Quote(std::string_view path) { return {Text(path), 0, 5}; }

  // A list of messages, the newest last, as a model call or a tool keeps it.
  ContextId Messages(std::initializer_list<MessageFacts> list) {
    MessagePool& pool = words_.messages();
    ContextId out = 0;
    for (const MessageFacts& facts : list) out = pool.Append(out, pool.Add({facts, {}, {}, {}}));
    return out;
  }

  std::deque<SpanFacts>& spans() { return spans_; }

  // The trace of all spans so far; open spans end now, but stay open for later spans.
  Trace Build() {
    for (SpanFacts* const span : open_) span->end_ns = now_ns_;
    return BuildTrace("default", "t1", words_, {spans_.begin(), spans_.end()});
  }
  TraceSummary Analyse() { return AnalyseTrace(Build()); }

 private:
  StringPool words_;
  std::deque<SpanFacts> spans_;
  std::vector<SpanFacts*> open_;
  std::int64_t now_ns_ = kTestStartNs;
};

inline std::string_view DetectorName(const StoredFinding& finding) {
  const TraceDetector* const detector = FindTraceDetector(finding.detector);
  return detector ? detector->name : std::string_view();
}

// Findings of one detector.
inline std::vector<StoredFinding> FindingsOf(const TraceSummary& summary,
                                             std::string_view detector) {
  std::vector<StoredFinding> found;
  for (const StoredFinding& finding : summary.findings) {
    if (DetectorName(finding) == detector) found.push_back(finding);
  }
  return found;
}

// The only finding of a detector; an empty finding if there is not exactly one.
inline StoredFinding OnlyFinding(const TraceSummary& summary, std::string_view detector) {
  std::vector<StoredFinding> found = FindingsOf(summary, detector);
  return found.size() == 1 ? std::move(found[0]) : StoredFinding();
}

inline bool IsEligible(const TraceSummary& summary, std::string_view detector) {
  for (const TraceDetector& one : AllTraceDetectors()) {
    if (one.name == detector) return summary.eligible >> one.id & 1;
  }
  return false;
}

}  // namespace halo
