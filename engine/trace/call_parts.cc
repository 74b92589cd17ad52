// SPDX-License-Identifier: MIT
#include "engine/trace/call_parts.h"

#include <cstdint>
#include <string_view>

namespace halo {
namespace {

bool IsExtended(std::string_view name, std::string_view by) {
  return by.size() > name.size() && by.starts_with(name) && by[name.size()] == '.';
}

// The names of MCP servers and tools are joined by underscores, or by nothing.
bool IsMcpName(std::string_view outer, std::string_view tool) {
  return !tool.empty() && outer.starts_with("mcp__") && outer.size() > tool.size() &&
         outer.ends_with(tool);
}

void TakeFailure(const SpanFacts& part, SpanFacts& call) {
  if (call.failed || !part.failed) return;
  call.failed = true;
  call.failure_rule = part.failure_rule;
  call.transport = part.transport;
  call.error_type = part.error_type;
  call.error_signature = part.error_signature;
}

// The tool call that the span is a part of; -1 if it is not part of one. `outside`: the nearest
// span around each that is not of kind SPAN.
SpanIndex CallOf(SpanIndex i, const std::vector<SpanIndex>& outside, const Trace& trace) {
  const SpanFacts& part = trace.spans[i];
  if (part.kind != Kind::kSpan && part.kind != Kind::kTool) return -1;
  const SpanIndex outer = part.kind == Kind::kTool ? outside[i] : trace.parent[i];
  if (outer == -1 || trace.spans[outer].kind != Kind::kTool) return -1;
  const SpanFacts& call = trace.spans[outer];
  const bool is_part = part.kind == Kind::kTool
                           ? IsMcpName(trace.Text(call.tool), trace.Text(part.tool))
                           : IsExtended(trace.Text(call.name), trace.Text(part.name));
  return is_part ? outer : -1;
}

}  // namespace

void UniteCallParts(const std::vector<SpanIndex>& top_down, Trace& trace) {
  std::vector<SpanIndex> outside(trace.spans.size(), -1);
  for (const SpanIndex i : top_down) {
    const SpanIndex parent = trace.parent[i];
    if (parent == -1) continue;
    outside[i] = trace.spans[parent].kind == Kind::kSpan ? outside[parent] : parent;
  }
  // From the last part to the first: one that was repeated with success has not failed.
  std::vector<std::uint8_t> is_judged(trace.spans.size(), 0);
  for (auto it = top_down.rbegin(); it != top_down.rend(); ++it) {
    const SpanIndex outer = CallOf(*it, outside, trace);
    if (outer == -1) continue;
    SpanFacts& part = trace.spans[*it];
    SpanFacts& call = trace.spans[outer];
    if (part.kind == Kind::kTool) call.tool = part.tool;
    const bool decides = part.kind == Kind::kTool || part.failed;
    const bool knows_better = call.failed && is_judged[outer] == 0;
    if (decides && is_judged[outer] == 0) TakeFailure(part, call);
    is_judged[outer] |= static_cast<std::uint8_t>(decides);
    // What a log record says of the failure counts, not that the part failed too.
    if (knows_better && part.failed) {
      part.failed = false;
      part.failure_rule = FailureRule::kNone;
    }
  }
}

void InheritModels(const std::vector<SpanIndex>& top_down, Trace& trace) {
  std::vector<SpanIndex> naming(trace.spans.size(), -1);
  for (const SpanIndex i : top_down) {
    SpanFacts& span = trace.spans[i];
    const SpanIndex parent = trace.parent[i];
    const SpanIndex above =
        parent == -1 || span.kind == Kind::kAgent || span.kind == Kind::kTool ? -1 : naming[parent];
    if (span.kind == Kind::kLlm && span.model == 0 && above != -1) {
      span.model = trace.spans[above].model;
      if (span.provider == 0) span.provider = trace.spans[above].provider;
    }
    naming[i] = span.model != 0 ? i : above;
  }
}

}  // namespace halo
