// SPDX-License-Identifier: MIT
#include "engine/analysis/first_failure.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "engine/analysis/operations.h"

namespace halo {
namespace {

constexpr std::size_t kMostLater = 8;

void AddAncestors(const Trace& trace, SpanIndex first, std::vector<LaterFailure>& out) {
  for (SpanIndex up = trace.parent[first]; up >= 0 && out.size() < kMostLater;
       up = trace.parent[up]) {
    // An ancestor that failed for a cause of its own is among the later failures.
    if (trace.error_root[up]) break;
    if (trace.spans[up].failed) out.push_back({Aftermath::kPassedOn, up});
  }
}

// Spans that failed for a cause of their own, by the time of the failure: an agent that finally
// gives up comes after the calls inside it.
std::vector<SpanIndex> FailuresInTime(const Trace& trace) {
  std::vector<SpanIndex> out;
  for (std::size_t i = trace.spans.size(); i-- > 0;) {
    if (trace.error_root[i]) out.push_back(static_cast<SpanIndex>(i));
  }
  // Without times, a span fails with the last one below it.
  std::vector<SpanIndex> last_below(trace.spans.size());
  for (std::size_t i = trace.spans.size(); i-- > 0;) {
    last_below[i] = std::max(last_below[i], static_cast<SpanIndex>(i));
    const SpanIndex up = trace.parent[i];
    if (up != -1) last_below[up] = std::max(last_below[up], last_below[i]);
  }
  const auto failed_ns = [&](SpanIndex span) -> std::int64_t {
    const SpanFacts& facts = trace.spans[span];
    if (LacksTimes(facts)) return last_below[span];
    return std::max(facts.start_ns, facts.end_ns);
  };
  // Of spans that end together, the inner one, which started later, is the first.
  std::stable_sort(out.begin(), out.end(),
                   [&](SpanIndex a, SpanIndex b) { return failed_ns(a) < failed_ns(b); });
  return out;
}

void AddLater(const Trace& trace, std::span<const SpanIndex> failures,
              std::vector<LaterFailure>& out) {
  const auto cause_of = [&](SpanIndex i) {
    return std::pair(trace.spans[i].error_signature, LabelOf(trace.spans[i]));
  };
  std::map<std::pair<StringId, StringId>, std::size_t> seen;  // to count repeats
  for (const SpanIndex i : failures.subspan(1)) {
    const auto [known, is_new] = seen.try_emplace(cause_of(i), out.size());
    if (!is_new) {
      if (known->second < out.size()) ++out[known->second].count;
    } else if (out.size() < kMostLater) {
      const bool same = cause_of(i) == cause_of(failures.front());
      out.push_back({same ? Aftermath::kSameAgain : Aftermath::kThenFailed, i});
    } else {
      known->second = kMostLater;
    }
  }
}

}  // namespace

std::optional<FirstFailure> FindFirstFailure(const Trace& trace) {
  const std::vector<SpanIndex> failures = FailuresInTime(trace);
  if (failures.empty()) return std::nullopt;
  FirstFailure out{failures.front(), {}};
  AddAncestors(trace, out.span, out.cascade);
  AddLater(trace, failures, out.cascade);
  return out;
}

}  // namespace halo
