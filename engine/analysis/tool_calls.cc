// SPDX-License-Identifier: MIT
#include "engine/analysis/tool_calls.h"

#include <map>
#include <string>

#include "engine/analysis/operations.h"

namespace halo {
namespace {

bool InsideTool(const Trace& trace, SpanIndex span) {
  for (SpanIndex up = trace.parent[span]; up >= 0; up = trace.parent[up]) {
    if (trace.spans[up].kind == Kind::kTool) return true;
  }
  return false;
}

}  // namespace

void CountToolCalls(const Trace& trace, TraceSummary& summary) {
  std::map<std::string, std::int32_t> calls;
  for (const Scope& scope : trace.scopes) {
    for (const SpanIndex step : scope.steps) {
      const SpanFacts& span = trace.spans[step];
      if (span.kind != Kind::kLlm) ++calls[std::string(trace.Text(LabelOf(span)))];
    }
  }
  for (const Turn& turn : trace.turns.all) {
    if (turn.kind != ActionKind::kTool && turn.kind != ActionKind::kNoSpan) continue;
    if (turn.kind == ActionKind::kNoSpan) ++calls[std::string(trace.Text(turn.tool))];
    const SpanIndex at = turn.at();
    if (at != -1 && turn.tool != 0 && !InsideTool(trace, at)) {
      summary.last_tool = trace.Text(turn.tool);
    }
  }
  summary.calls.assign(calls.begin(), calls.end());
}

}  // namespace halo
