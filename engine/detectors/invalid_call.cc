// SPDX-License-Identifier: MIT
// D13: a model requested a call that violates the definitions of the offered tools: the name does
// not exist, the arguments are not JSON, or the tool's JSON Schema rejects them; and it failed, was
// refused or was dropped, since a tool may take more than its definition says. The facts of the
// model call hold the first such call; the locus is the tool it names.
// Wasted: the model call, if it requested nothing else, and the failed calls that resulted from it.
// Eligible: traces with a model call that was offered tools with definitions and requested one.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/detectors/detector.h"
#include "engine/model/invalid_call_text.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

bool IsInnermost(const Trace& trace, SpanIndex i) {
  const std::vector<SpanIndex>& steps = trace.ScopeOf(i).steps;
  return std::binary_search(steps.begin(), steps.end(), i);
}

// By scope, whether calls have spans there.
std::vector<std::uint8_t> ScopesWithCalls(const Trace& trace) {
  std::vector<std::uint8_t> have(trace.scopes.size(), 0);
  for (const Turn& turn : trace.turns.all) {
    if (turn.kind == ActionKind::kTool) have[turn.scope] = 1;
  }
  return have;
}

// The turn of the invalid call: the first of the named tool.
void CiteCalled(const Trace& trace, SpanIndex llm, Finding& finding) {
  for (const std::int32_t index : trace.turns.AskedBy(llm)) {
    const Turn& turn = trace.turns.all[index];
    if (turn.tool == trace.spans[llm].invalid_call_tool) return CiteTurn(trace, turn, finding);
  }
}

// Whether the run failed at the model call: nothing followed, and the agent or the root failed.
bool FailedThere(const Trace& trace, SpanIndex i) {
  const Scope& scope = trace.ScopeOf(i);
  if (scope.steps.empty() || scope.steps.back() > i) return false;
  return (scope.agent_span != -1 && trace.spans[scope.agent_span].failed) ||
         (trace.root != -1 && trace.spans[trace.root].failed);
}

bool WasRefused(const Trace& trace, const std::vector<std::uint8_t>& has_calls, SpanIndex i) {
  const SpanFacts& span = trace.spans[i];
  if (span.kind != Kind::kLlm || span.failed || FailedThere(trace, i)) return true;
  const auto asked = trace.turns.AskedBy(i);
  const auto is_called = [&](std::int32_t index) {
    return trace.turns.all[index].tool == span.invalid_call_tool;
  };
  // If no turn has its name, the call is one of the others.
  const bool is_named = std::any_of(asked.begin(), asked.end(), is_called);
  return std::any_of(asked.begin(), asked.end(), [&](std::int32_t index) {
    const Turn& turn = trace.turns.all[index];
    if (is_named && !is_called(index)) return false;
    const bool has_nothing = turn.kind == ActionKind::kNoSpan && turn.result == 0;
    return turn.failed || (has_nothing && has_calls[turn.scope] != 0);
  });
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.spans.begin(), trace.spans.end(), [](const SpanFacts& span) {
    return span.invalid_call != 0 || (span.has_tool_definitions && span.tool_call_count > 0);
  });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const std::size_t before = out.size();
  const std::vector<std::uint8_t> has_calls = ScopesWithCalls(trace);
  for (std::size_t n = 0; n < trace.spans.size(); ++n) {
    const SpanIndex i = static_cast<SpanIndex>(n);
    const SpanFacts& span = trace.spans[i];
    if (span.invalid_call == 0 || (span.kind == Kind::kLlm && !IsInnermost(trace, i))) continue;
    if (!WasRefused(trace, has_calls, i)) continue;
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, i);
    if (span.invalid_call_tool != 0) {
      finding.locus.tool = trace.Text(span.invalid_call_tool);
      finding.locus.span_name.clear();
    }
    finding.signature = trace.Text(span.invalid_call);
    // A tool that is not offered is never called by a run that does well.
    if (finding.signature.find(kToolIsNotOffered) != std::string::npos) {
      finding.opportunity = Opportunity::kAgent;
    }
    finding.spans = {i};
    finding.Cite(EvidenceRole::kArguments, i, span.invalid_call_quote);
    CiteCalled(trace, i, finding);
    if (span.tool_call_count <= 1) finding.wasted = {WholeStep(trace, i)};
  }
  if (out.size() == before) return;

  // The failed calls that resulted from a lone invalid call, up to the next model call.
  for (const CallSequence& calls : trace.calls) {
    for (const CallStep& call : calls) {
      if (!call.failed || call.asked_by == -1) continue;
      const auto asked = std::find_if(out.begin() + before, out.end(), [&](const Finding& finding) {
        return finding.spans.front() == call.asked_by && !finding.wasted.empty();
      });
      if (asked == out.end()) continue;
      asked->spans.push_back(call.span);
      asked->wasted.push_back(call.span);
    }
  }
}

}  // namespace

TraceDetector InvalidCall() {
  return {.id = 6,
          .name = "invalid_call",
          .category = "call",
          .severity = Severity::kMedium,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .title = "The model's calls of {tool} do not fit the tools offered: {signature}",
          .signature = SignatureKind::kArguments,
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
