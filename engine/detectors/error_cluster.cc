// SPDX-License-Identifier: MIT
// D11: failed spans by cause. The locus is the agent and the tool or span name, the signature is
// the normalised error text, and the tag is the transport class (rate limit, auth, not found,
// service, timeout, memory, connection), or domain_refusal for a tool that refuses by a rule of its
// business (domain_refusal.h), which wastes nothing. Only roots of errors count, not the wrappers
// that repeat them (error_cause.h). Grouping by normalised text is Sentry's idea, preferring roots
// to echoes is Jaeger's. Wasted: the failed call with its echoes up to the step. For a tool call
// also the model call that requested it, if all calls that it requested failed, since the turn
// achieved nothing; likewise for a step that fails right after a model call and contains no failed
// call, since an executor or parser rejected the model's output. Eligible: every trace in which the
// agent called the tool, or ran a span of the name.
#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/detectors/detector.h"
#include "engine/facts/domain_refusal.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

constexpr int kMostEchoes = 32;  // no framework wraps a call deeper

bool IsCall(Kind kind) {
  return kind == Kind::kLlm || kind == Kind::kTool || kind == Kind::kEmbedding ||
         kind == Kind::kReranker || kind == Kind::kRetriever;
}

// Whether another detector reports it.
bool IsReportedElsewhere(const SpanFacts& span) {
  return span.limit != 0 || span.finish == FinishClass::kRefusal ||
         span.finish == FinishClass::kTruncated;
}

// The outermost call that failed for this cause; -1 if the root is not part of a call.
SpanIndex FailedCall(const Trace& trace, SpanIndex root) {
  SpanIndex call = IsCall(trace.spans[root].kind) ? root : -1;
  SpanIndex i = trace.parent[root];
  for (int echo = 0; i != -1 && echo < kMostEchoes; ++echo, i = trace.parent[i]) {
    const SpanFacts& above = trace.spans[i];
    if (!above.failed || trace.error_root[i] || above.kind == Kind::kAgent) break;
    if (IsCall(above.kind)) call = i;
  }
  return call;
}

// Calls whose whole turn failed, with the model call that requested them; sorted by call.
std::vector<std::pair<SpanIndex, SpanIndex>> LostTurns(const Trace& trace) {
  std::vector<std::pair<SpanIndex, SpanIndex>> lost;
  for (const CallSequence& calls : trace.calls) {
    for (std::size_t begin = 0, end; begin < calls.size(); begin = end) {
      const SpanIndex asked_by = calls[begin].asked_by;
      std::int32_t failed = 0;
      for (end = begin; end < calls.size() && calls[end].asked_by == asked_by; ++end) {
        failed += calls[end].failed;
      }
      if (asked_by == -1 || failed != calls[begin].asked_together) continue;
      for (std::size_t i = begin; i < end; ++i) lost.emplace_back(calls[i].span, asked_by);
    }
  }
  std::sort(lost.begin(), lost.end());
  return lost;
}

// The model call whose output a failed span rejected; -1 if it rejected none.
SpanIndex RejectedAsk(const Trace& trace, SpanIndex failed) {
  const SpanFacts& span = trace.spans[failed];
  const std::vector<SpanIndex>& steps = trace.ScopeOf(failed).steps;
  const auto counts = [&](SpanIndex step) {
    return trace.within_call[step] == trace.within_call[failed] && !IsSideCall(trace, step);
  };
  const auto later = [&](SpanIndex step) { return StartsAfter(trace.spans[step], span); };
  const auto after = std::partition_point(steps.begin(), steps.end(),
                                          [&](SpanIndex step) { return !later(step); });
  const auto asked = std::find_if(std::make_reverse_iterator(after), steps.rend(), counts);
  if (asked == steps.rend()) return -1;
  const SpanFacts& ask = trace.spans[*asked];
  if (ask.kind != Kind::kLlm || ask.failed || trace.within_llm[failed] == *asked) return -1;
  const auto next = std::find_if(after, steps.end(), counts);
  const bool asks_again = next != steps.end() && trace.spans[*next].kind == Kind::kLlm;
  const bool was_call = ask.tool_call_count > 0 && next == steps.end();
  return asks_again || was_call || trace.spans[trace.root].failed ? *asked : -1;
}

bool Refuses(const Trace& trace, const SpanFacts& span) {
  return span.kind == Kind::kTool && span.transport == Transport::kNone &&
         IsDomainRefusal(trace.Text(span.error_type), trace.Text(span.error_signature));
}

bool Eligible(const Trace& trace) { return !trace.spans.empty(); }

void Find(const Trace& trace, std::vector<Finding>& out) {
  if (std::find(trace.error_root.begin(), trace.error_root.end(), 1) == trace.error_root.end()) {
    return;
  }
  const auto lost_turns = LostTurns(trace);
  for (std::size_t n = 0; n < trace.spans.size(); ++n) {
    const SpanIndex i = static_cast<SpanIndex>(n);
    const SpanFacts& span = trace.spans[i];
    if (!trace.error_root[i] || IsReportedElsewhere(span)) continue;
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, i);
    finding.signature =
        span.error_signature != 0 ? trace.Text(span.error_signature) : "error without text";
    const bool refuses = Refuses(trace, span);
    finding.tag = refuses ? kDomainRefusal : TransportName(span.transport);
    finding.spans = {i};
    finding.Cite(EvidenceRole::kFailed, i, span.error_quote);
    if (const Turn* const turn = TurnAround(trace, i)) CiteTurn(trace, *turn, finding);
    if (refuses) continue;
    const SpanIndex call = FailedCall(trace, i);
    if (call == -1) {
      const SpanIndex ask = RejectedAsk(trace, i);
      if (ask != -1) finding.wasted.push_back(WholeStep(trace, ask));
      continue;
    }
    finding.wasted.push_back(WholeStep(trace, call));
    const auto turn =
        std::lower_bound(lost_turns.begin(), lost_turns.end(), std::pair{call, SpanIndex{-1}});
    if (turn != lost_turns.end() && turn->first == call) {
      finding.wasted.push_back(WholeStep(trace, turn->second));
    }
  }
}

}  // namespace

TraceDetector ErrorCluster() {
  return {.id = 0,
          .name = "error_cluster",
          .category = "error",
          .severity = Severity::kMedium,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .title = "{tool} fails: {signature}",
          .signature = SignatureKind::kErrorText,
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
