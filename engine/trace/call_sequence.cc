// SPDX-License-Identifier: MIT
#include "engine/trace/call_sequence.h"

#include <algorithm>
#include <utility>

namespace halo {
namespace {

// The steps at one level: directly in the scope, or inside one of its tool calls.
using Strand = std::vector<SpanIndex>;

bool IsTool(const Trace& trace, SpanIndex i) { return trace.spans[i].kind == Kind::kTool; }

std::vector<Strand> StrandsOf(const Trace& trace, const Scope& scope) {
  std::vector<std::pair<SpanIndex, SpanIndex>> by_call;
  by_call.reserve(scope.steps.size());
  for (const SpanIndex step : scope.steps) {
    if (!IsSideCall(trace, step)) by_call.emplace_back(trace.within_call[step], step);
  }
  std::sort(by_call.begin(), by_call.end());
  std::vector<Strand> strands;
  for (std::size_t i = 0; i < by_call.size(); ++i) {
    if (i == 0 || by_call[i].first != by_call[i - 1].first) strands.emplace_back();
    strands.back().push_back(by_call[i].second);
  }
  return strands;
}

// Whether there is a call between the LLM steps `from` and `to`.
bool CallBetween(const Trace& trace, const Strand& strand, std::size_t from, std::size_t to) {
  return to - from > 1 || trace.spans[strand[from]].tool_call_count > 0;
}

// Whether each model call after a tool call has more user messages than the previous model call.
bool ResultsAreUserMessages(const Trace& trace, const Strand& strand) {
  std::size_t last = strand.size();
  int after_call = 0;
  for (std::size_t i = 0; i < strand.size(); ++i) {
    const SpanFacts& step = trace.spans[strand[i]];
    if (step.kind != Kind::kLlm || step.user_turns == 0) continue;
    if (last != strand.size() && CallBetween(trace, strand, last, i)) {
      if (step.user_turns <= trace.spans[strand[last]].user_turns) return false;
      ++after_call;
    }
    last = i;
  }
  return after_call >= 2;
}

CallStep CallOf(const Trace& trace, SpanIndex span) {
  const SpanFacts& facts = trace.spans[span];
  CallStep call;
  call.span = span;
  call.failed = facts.failed;
  call.result = facts.result_hash;
  if (call.result == 0 && facts.failed) call.result = facts.error_signature;
  if (facts.kind == Kind::kLlm) {
    call.request = facts.calls_hash;
    // The output of a model call is the request; the result of that request is not recorded.
    if (!facts.failed) call.result = 0;
    return call;
  }
  call.tool = facts.tool != 0 ? facts.tool : facts.operation;
  call.request = facts.arguments_hash;
  if (facts.arguments_quote.path == 0) {
    // No arguments were recorded. If there is a result, the tool takes none; else they are unknown.
    call.request = facts.result_hash != 0 ? call.tool : 0;
  }
  return call;
}

std::int32_t CallsAfter(const Trace& trace, const Strand& strand, std::size_t llm) {
  std::size_t end = llm + 1;
  while (end < strand.size() && IsTool(trace, strand[end])) ++end;
  return static_cast<std::int32_t>(end - llm - 1);
}

void AddSequences(const Trace& trace, const Strand& strand, std::vector<CallSequence>& out) {
  const bool has_tools = std::any_of(strand.begin(), strand.end(),
                                     [&](SpanIndex step) { return IsTool(trace, step); });
  const bool results_are_user_messages = ResultsAreUserMessages(trace, strand);
  CallSequence sequence;
  const auto cut = [&] {
    if (!sequence.empty()) out.push_back(std::exchange(sequence, {}));
  };
  SpanIndex asked_by = -1;
  std::int32_t asked_together = 1;
  std::size_t last = strand.size();  // last LLM step with a known number of user messages
  for (std::size_t i = 0; i < strand.size(); ++i) {
    const SpanFacts& step = trace.spans[strand[i]];
    if (step.kind == Kind::kTool) {
      if (step.human_wait) {
        cut();
        continue;
      }
      CallStep& call = sequence.emplace_back(CallOf(trace, strand[i]));
      call.asked_by = asked_by;
      call.asked_together = asked_together;
      continue;
    }
    asked_by = strand[i];
    asked_together = CallsAfter(trace, strand, i);
    if (step.user_turns != 0) {
      const bool grew =
          last != strand.size() && step.user_turns > trace.spans[strand[last]].user_turns;
      if (grew && !(results_are_user_messages && CallBetween(trace, strand, last, i))) cut();
      last = i;
    }
    if (!has_tools && step.tool_call_count > 0) sequence.push_back(CallOf(trace, strand[i]));
  }
  cut();
}

// For each scope, whether its agent was run by a tool call.
std::vector<std::uint8_t> RunByTool(const Trace& trace) {
  std::vector<std::uint8_t> by_tool(trace.scopes.size(), 0);
  for (std::size_t s = 0; s < trace.scopes.size(); ++s) {
    const SpanIndex agent = trace.scopes[s].agent_span;
    const SpanIndex parent = agent == -1 ? -1 : trace.parent[agent];
    if (parent == -1) continue;
    by_tool[s] = trace.spans[parent].kind == Kind::kTool || trace.within_call[parent] != -1 ||
                 by_tool[trace.scope[parent]];
  }
  return by_tool;
}

}  // namespace

RunEnd FindRunEnd(const Trace& trace) {
  const std::vector<std::uint8_t> by_tool = RunByTool(trace);
  RunEnd end;
  for (std::size_t s = 0; s < trace.scopes.size(); ++s) {
    if (by_tool[s]) continue;
    SpanIndex last_step = -1, last_llm = -1;
    for (const SpanIndex step : trace.scopes[s].steps) {
      if (trace.within_call[step] != -1 || IsSideCall(trace, step)) continue;
      last_step = step;
      if (trace.spans[step].kind == Kind::kLlm) last_llm = step;
    }
    if (last_step > end.last_step) end = {last_step, last_llm};
  }
  return end;
}

std::vector<CallSequence> FindCallSequences(const Trace& trace) {
  std::vector<CallSequence> sequences;
  for (const Scope& scope : trace.scopes) {
    for (const Strand& strand : StrandsOf(trace, scope)) AddSequences(trace, strand, sequences);
  }
  std::sort(sequences.begin(), sequences.end(), [](const CallSequence& a, const CallSequence& b) {
    return a.front().span < b.front().span;
  });
  return sequences;
}

bool HasCalls(const Trace& trace) { return !trace.calls.empty(); }

bool IsSideCall(const Trace& trace, SpanIndex step) {
  return trace.within_llm[step] != -1 && trace.spans[step].kind == Kind::kLlm &&
         trace.spans[step].tool_call_count == 0;
}

SpanIndex WholeStep(const Trace& trace, SpanIndex step) {
  if (trace.spans[step].kind != Kind::kLlm) return step;
  for (SpanIndex above = trace.parent[step]; above != -1; above = trace.parent[above]) {
    if (!trace.wraps_call[above] || trace.Children(above).size() != 1) break;
    step = above;
  }
  return step;
}

void AddWastedCalls(const Trace& trace, std::span<const CallStep> calls,
                    std::vector<SpanIndex>& wasted) {
  SpanIndex asked_by = -1;
  std::int32_t seen = 0;
  for (const CallStep& call : calls) {
    wasted.push_back(WholeStep(trace, call.span));
    if (call.asked_by == -1) continue;
    seen = call.asked_by == asked_by ? seen + 1 : 1;
    asked_by = call.asked_by;
    if (seen == call.asked_together) wasted.push_back(WholeStep(trace, asked_by));
  }
}

}  // namespace halo
