// SPDX-License-Identifier: MIT
// One call took more than 60 s and more than ten times the median of its own operation, which is
// that of all calls of this name by this agent, of every settled run: at least five. The longest
// such call of a run and operation is the finding, those at least half as long are occurrences. A
// time that was measured proves it (no labelled set has times). Not judged: calls that wait for a
// person, calls that contain other calls, and formats without times.
// Wasted: the time on the critical path beyond what a tenth of the call would have taken.
// Eligible: traces in which the agent made the call, however long it took.
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "engine/detectors/detector.h"
#include "engine/trace/spend.h"

namespace halo {
namespace {

constexpr double kSecond = 1e9;

bool IsCall(Kind kind) {
  return kind == Kind::kLlm || kind == Kind::kTool || kind == Kind::kRetriever ||
         kind == Kind::kReranker || kind == Kind::kEmbedding;
}

// The spans that contain another call or an agent.
std::vector<std::uint8_t> ContainCalls(const Trace& trace) {
  std::vector<std::uint8_t> contain(trace.spans.size(), 0);
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const Kind kind = trace.spans[i].kind;
    if (!IsCall(kind) && kind != Kind::kAgent) continue;
    for (SpanIndex above = trace.parent[i]; above != -1 && !contain[above];
         above = trace.parent[above]) {
      contain[above] = 1;
    }
  }
  return contain;
}

struct Call {
  SpanIndex span = -1;
  std::int64_t ns = 0;
};
using Place = std::pair<StringId, StringId>;  // agent and name, as in the roll-up of operations

std::map<Place, std::vector<Call>> CallsFrom(const Trace& trace, double seconds) {
  std::map<Place, std::vector<Call>> calls;
  std::vector<std::uint8_t> contain;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const SpanFacts& span = trace.spans[i];
    if (!IsCall(span.kind) || span.human_wait) continue;
    const std::int64_t ns = PlausibleNs(span.start_ns, span.end_ns);
    if (static_cast<double>(ns) < seconds * kSecond) continue;
    if (contain.empty()) contain = ContainCalls(trace);
    if (contain[i]) continue;
    const StringId name = span.kind == Kind::kTool && span.tool != 0 ? span.tool
                          : span.operation != 0                      ? span.operation
                                                                     : span.name;
    calls[{trace.agent[i], name}].push_back({static_cast<SpanIndex>(i), ns});
  }
  return calls;
}

bool Eligible(const Trace& trace) {
  return std::any_of(trace.spans.begin(), trace.spans.end(), [](const SpanFacts& span) {
    return IsCall(span.kind) && PlausibleNs(span.start_ns, span.end_ns) >= 0;
  });
}

// Only calls that are long enough for a stall not to be ten times their length.
void DoMeasure(const Trace& trace, std::vector<Measure>& out) {
  const Thresholds& limits = trace.thresholds;
  const std::size_t before = out.size();
  for (const auto& [place, calls] :
       CallsFrom(trace, limits.stall_seconds / limits.stall_times_median)) {
    std::map<std::int64_t, std::int32_t> counts;
    // Whole seconds are exact enough beside a minute.
    for (const Call& call : calls) ++counts[call.ns / 1'000'000'000 * 1'000'000'000];
    for (const auto& [ns, count] : counts) {
      out.push_back({0, std::string(trace.Text(place.first)), std::string(trace.Text(place.second)),
                     ns, count});
    }
  }
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
            [](const Measure& a, const Measure& b) {
              return std::tie(a.agent, a.name, a.value) < std::tie(b.agent, b.name, b.value);
            });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const Thresholds& limits = trace.thresholds;
  for (auto& [place, calls] : CallsFrom(trace, limits.stall_seconds)) {
    std::stable_sort(calls.begin(), calls.end(),
                     [](const Call& a, const Call& b) { return a.ns > b.ns; });
    const Call& longest = calls.front();
    if (static_cast<double>(longest.ns) <= limits.stall_seconds * kSecond) continue;
    std::erase_if(calls, [ns = longest.ns](const Call& call) { return call.ns < ns / 2; });
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, calls.front().span);
    if (trace.spans[calls.front().span].kind != Kind::kTool) finding.locus.tool.clear();
    finding.signature = "far above its median";
    for (const Call& call : calls) finding.spans.push_back(call.span);
    finding.occurrences = static_cast<std::int32_t>(calls.size());
    const SpanIndex at = finding.spans.front();
    finding.Cite(EvidenceRole::kArguments, at, trace.spans[at].arguments_quote);
    finding.Cite(EvidenceRole::kResult, at, trace.spans[at].result_quote);
    if (const Turn* const turn = TurnAround(trace, at)) CiteTurn(trace, *turn, finding);
    finding.condition = Condition::kOverMedian;
    finding.value = calls.front().ns;
    finding.limit = std::llround(limits.stall_times_median * 1000);
    finding.late_ns =
        std::llround(static_cast<double>(finding.value) * (1 - 1 / limits.stall_times_median));
  }
}

}  // namespace

TraceDetector Stall() {
  return {.id = 23,
          .name = "stall",
          .category = "time",
          .severity = Severity::kLow,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .cost_only = true,
          .title = "{tool} sometimes takes more than ten times as long as usual",
          .eligible = Eligible,
          .find = Find,
          .measure = DoMeasure};
}

}  // namespace halo
