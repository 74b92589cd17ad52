// SPDX-License-Identifier: MIT
#include "engine/analysis/operations.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>
#include <utility>

#include "engine/trace/call_roles.h"
#include "engine/trace/spend.h"

namespace halo {
namespace {

using Key = std::tuple<Kind, StringId, StringId, StringId>;  // kind, agent, name, model
using PartKey = std::tuple<Key, CallRole, std::uint32_t>;    // with the role and the prompt

// A span that only wraps model calls counts as a chain, with a model only if its own spend counts.
Key KeyOf(const Trace& trace, SpanIndex i) {
  const SpanFacts& span = trace.spans[i];
  const Spend& spend = trace.spend[i];
  const Kind kind = trace.wraps_call[i] ? Kind::kChain : span.kind;
  const bool counts = CallsModel(kind) || spend.usage.total() > 0 || spend.nano_usd > 0;
  const StringId name = span.kind == Kind::kTool && span.tool != 0 ? span.tool
                        : span.operation != 0                      ? span.operation
                                                                   : span.name;
  return {kind, trace.agent[i], name, counts ? span.model : StringId{0}};
}

void AddDurations(std::vector<std::int64_t>& durations_ns, OperationRollup& rollup) {
  const bool exact = durations_ns.size() <= kMaxExactDurations;
  for (std::int64_t& each : durations_ns) each = exact ? ExactDuration(each) : DurationBucket(each);
  std::sort(durations_ns.begin(), durations_ns.end());
  for (const std::int64_t entry : durations_ns) {
    if (rollup.durations.empty() || rollup.durations.back().first != entry) {
      rollup.durations.emplace_back(entry, 0);
    }
    ++rollup.durations.back().second;
  }
}

// Whether the span lies in another one of its operation. Looks at the nearest ancestors only, so
// that a deep trace takes linear time.
bool IsInside(const Trace& trace, SpanIndex i) {
  constexpr int kNearest = 8;
  const Key key = KeyOf(trace, i);
  SpanIndex above = trace.parent[i];
  for (int level = 0; level < kNearest && above != -1; ++level, above = trace.parent[above]) {
    if (KeyOf(trace, above) == key) return true;
  }
  return false;
}

void AddSpan(const Trace& trace, SpanIndex i, OperationRollup& rollup,
             std::vector<std::int64_t>& durations_ns) {
  const SpanFacts& span = trace.spans[i];
  ++rollup.count;
  rollup.errors += span.failed;
  rollup.critical_ns += trace.critical_ns[i];
  rollup.self_ns += trace.self_ns[i];
  if (!IsInside(trace, i)) rollup.drag_ns += trace.drag_ns[i];
  const Spend& spend = trace.spend[i];
  rollup.unpriced += spend.unpriced();
  rollup.usage += spend.usage;
  rollup.nano_usd += spend.nano_usd;
  const std::int64_t duration_ns = PlausibleNs(span.start_ns, span.end_ns);
  if (duration_ns < 0) return;
  rollup.duration_ns += duration_ns;
  if (duration_ns > rollup.max_ns) {
    rollup.max_ns = duration_ns;
    rollup.max_start_ns = span.start_ns;
  }
  durations_ns.push_back(duration_ns);
}

}  // namespace

std::vector<OperationRollup> RollUp(const Trace& trace, std::span<const Waste> wasted) {
  const std::vector<CallPurpose> purposes = FindCallPurposes(trace);
  std::vector<std::pair<PartKey, SpanIndex>> spans(trace.spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const SpanIndex span = static_cast<SpanIndex>(i);
    spans[i] = {{KeyOf(trace, span), purposes[i].role, purposes[i].prompt}, span};
  }
  std::sort(spans.begin(), spans.end());
  std::vector<OperationRollup> rollups;
  std::vector<std::int64_t> durations_ns;
  for (auto begin = spans.begin(); begin != spans.end();) {
    const auto end = std::find_if(begin, spans.end(),
                                  [&](const auto& span) { return span.first != begin->first; });
    const auto& [kind, agent, name, model] = std::get<Key>(begin->first);
    OperationRollup& rollup = rollups.emplace_back();
    rollup.kind = kind;
    rollup.agent = trace.Text(agent);
    rollup.name = trace.Text(name);
    rollup.model = trace.Text(model);
    rollup.role = std::get<CallRole>(begin->first);
    rollup.prompt = std::get<std::uint32_t>(begin->first);
    durations_ns.clear();
    for (; begin != end; ++begin) {
      AddSpan(trace, begin->second, rollup, durations_ns);
      if (!wasted.empty()) rollup.wasted += wasted[static_cast<std::size_t>(begin->second)];
    }
    AddDurations(durations_ns, rollup);
  }
  // Ids of words depend on the order of arrival, so the result is sorted by text.
  std::sort(rollups.begin(), rollups.end(), [](const OperationRollup& a, const OperationRollup& b) {
    return std::tie(a.kind, a.agent, a.name, a.model, a.role, a.prompt) <
           std::tie(b.kind, b.agent, b.name, b.model, b.role, b.prompt);
  });
  return rollups;
}

}  // namespace halo
