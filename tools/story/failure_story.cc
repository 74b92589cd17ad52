// SPDX-License-Identifier: MIT
#include "tools/story/failure_story.h"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

using wire::ExplainTraceOutput;

constexpr std::size_t kMaxConsequences = 8;

const SpanFacts& At(const Trace& trace, SpanIndex span) {
  return trace.spans[static_cast<std::size_t>(span)];
}

ExplainTraceOutput::Consequence Consequence(const Trace& trace, std::string_view how,
                                            SpanIndex span) {
  return {std::string(how), SpanIdText(trace, span), LabelText(trace, At(trace, span)),
          Ms(OffsetNs(trace, At(trace, span))), 1};
}

void AddAncestors(const Trace& trace, SpanIndex first,
                  std::vector<ExplainTraceOutput::Consequence>& out) {
  for (SpanIndex up = trace.parent[static_cast<std::size_t>(first)];
       up >= 0 && out.size() < kMaxConsequences; up = trace.parent[static_cast<std::size_t>(up)]) {
    // One that failed for a cause of its own is told among the later failures.
    if (trace.error_root[static_cast<std::size_t>(up)]) break;
    if (At(trace, up).failed) out.push_back(Consequence(trace, "passed on to", up));
  }
}

// Spans that failed for a cause of their own, by the time at which they did: a span fails when it
// ends, so that an agent that gives up at last comes behind the calls inside it.
std::vector<SpanIndex> FailuresInTime(const Trace& trace) {
  std::vector<SpanIndex> out;
  for (std::size_t i = trace.spans.size(); i-- > 0;) {
    if (trace.error_root[i]) out.push_back(static_cast<SpanIndex>(i));
  }
  const auto failed_ns = [&](SpanIndex span) {
    return std::max(At(trace, span).start_ns, At(trace, span).end_ns);
  };
  // Of those that end together the inner one, which started later, is the first.
  std::stable_sort(out.begin(), out.end(),
                   [&](SpanIndex a, SpanIndex b) { return failed_ns(a) < failed_ns(b); });
  return out;
}

void AddLater(const Trace& trace, std::span<const SpanIndex> failures,
              std::vector<ExplainTraceOutput::Consequence>& out) {
  const SpanIndex first = failures.front();
  std::map<std::pair<StringId, StringId>, std::size_t>
      seen;  // by cause and place, to count repeats
  for (const SpanIndex i : failures.subspan(1)) {
    const SpanFacts& span = At(trace, i);
    const auto [known, is_new] =
        seen.try_emplace({span.error_signature, LabelOf(span)}, out.size());
    if (!is_new) {
      if (known->second < out.size()) ++out[known->second].count;
      continue;
    }
    if (out.size() == kMaxConsequences) {
      known->second = out.size();
      continue;
    }
    const bool same = span.error_signature == At(trace, first).error_signature &&
                      LabelOf(span) == LabelOf(At(trace, first));
    out.push_back(Consequence(trace, same ? "same error again" : "then failed", i));
  }
}

}  // namespace

std::optional<FirstFailure> FindFirstFailure(const Trace& trace) {
  const std::vector<SpanIndex> failures = FailuresInTime(trace);
  if (failures.empty()) return std::nullopt;
  FirstFailure out;
  out.span = failures.front();
  const SpanFacts& span = At(trace, out.span);
  out.told.span_id = SpanIdText(trace, out.span);
  out.told.name = LabelText(trace, span);
  out.told.kind = KindName(span.kind);
  out.told.rule = FailureRuleName(span.failure_rule);
  out.told.signature = TraceText(trace.Text(span.error_signature), 240);
  out.told.at_ms = Ms(OffsetNs(trace, span));
  AddAncestors(trace, out.span, out.told.cascade);
  AddLater(trace, failures, out.told.cascade);
  return out;
}

std::vector<ExplainTraceOutput::PathPart> CriticalParts(const Trace& trace, std::size_t most) {
  struct Part {
    std::int64_t ns = 0, calls = 0;
    SpanIndex longest = -1;
  };
  std::map<std::tuple<Kind, StringId, StringId>, Part> parts;
  std::int64_t all = 0;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const std::int64_t ns = trace.critical_ns[i];
    if (ns <= 0) continue;
    const SpanFacts& span = trace.spans[i];
    Part& part = parts[{span.kind, LabelOf(span), span.model}];
    part.ns += ns;
    ++part.calls;
    all += ns;
    const auto longest = static_cast<std::size_t>(part.longest);
    if (part.longest < 0 || ns > trace.critical_ns[longest])
      part.longest = static_cast<SpanIndex>(i);
  }
  std::vector<ExplainTraceOutput::PathPart> out;
  for (const auto& [key, part] : parts) {
    const SpanFacts& span = At(trace, part.longest);
    Prose name = Say(LabelText(trace, span));
    if (span.model && LabelOf(span) != span.model) {
      name.Add(" (", TraceName(trace.Text(span.model)), ")");
    }
    out.push_back({std::move(name), std::string(KindName(span.kind)),
                   SpanIdText(trace, part.longest), Ms(part.ns), part.calls,
                   static_cast<double>(part.ns) / static_cast<double>(all)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(b.share, a.name, a.kind) < std::tie(a.share, b.name, b.kind);
  });
  if (out.size() > most) out.resize(most);
  return out;
}

}  // namespace halo
