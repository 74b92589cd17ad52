// SPDX-License-Identifier: MIT
// D19: a run was stopped by a limit on its turns, recursion, iterations or budget
// (MaxTurnsExceeded, GraphRecursionError, max_iterations, ...), as shown by exception class or
// text. The deepest span that names the limit counts, since the wrappers around it repeat it.
// Wasted: the spend of the lost run that no other finding claims (lost_run.h); the loops that led
// to the limit claim their part first.
// Eligible: traces with a model or tool call, since only runs that take steps can run out of them.
#include <algorithm>
#include <utility>

#include "engine/detectors/detector.h"

namespace halo {
namespace {

// For each span, whether a descendant names the same limit.
std::vector<std::uint8_t> Repeats(const Trace& trace) {
  std::vector<std::pair<StringId, SpanIndex>> by_limit;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const StringId limit = trace.spans[i].limit;
    if (limit != 0) by_limit.emplace_back(limit, static_cast<SpanIndex>(i));
  }
  std::sort(by_limit.begin(), by_limit.end());
  // By span, the limit whose walk to the root passed it last, so that no limit passes a span twice.
  std::vector<StringId> passed(trace.spans.size(), 0);
  std::vector<std::uint8_t> repeats(trace.spans.size(), 0);
  for (const auto& [limit, span] : by_limit) {
    for (SpanIndex i = trace.parent[span]; i != -1 && passed[i] != limit; i = trace.parent[i]) {
      passed[i] = limit;
      if (trace.spans[i].limit == limit) repeats[i] = 1;
    }
  }
  return repeats;
}

bool Eligible(const Trace& trace) {
  const bool has_steps = std::any_of(trace.scopes.begin(), trace.scopes.end(),
                                     [](const Scope& scope) { return !scope.steps.empty(); });
  return has_steps || std::any_of(trace.spans.begin(), trace.spans.end(),
                                  [](const SpanFacts& span) { return span.limit != 0; });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const bool any = std::any_of(trace.spans.begin(), trace.spans.end(),
                               [](const SpanFacts& span) { return span.limit != 0; });
  if (!any) return;
  const std::vector<std::uint8_t> repeats = Repeats(trace);
  for (std::size_t n = 0; n < trace.spans.size(); ++n) {
    const SpanIndex i = static_cast<SpanIndex>(n);
    const SpanFacts& span = trace.spans[i];
    if (span.limit == 0 || repeats[i]) continue;
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, i);
    finding.signature = trace.Text(span.limit);
    finding.opportunity = Opportunity::kAgent;
    finding.spans = {i};
    finding.Cite(EvidenceRole::kFailed, i,
                 span.limit_quote.path != 0 ? span.limit_quote : span.error_quote);
  }
}

}  // namespace

TraceDetector LimitHit() {
  return {.id = 9,
          .name = "limit_hit",
          .category = "end",
          .severity = Severity::kHigh,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .loses_run = true,
          .title = "{agent} is stopped by a limit: {signature}",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
