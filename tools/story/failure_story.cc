// SPDX-License-Identifier: MIT
#include "tools/story/failure_story.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "tools/common/phrases.h"
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
    if (At(trace, up).failed) out.push_back(Consequence(trace, "passed on to", up));
  }
}

void AddLater(const Trace& trace, SpanIndex first,
              std::vector<ExplainTraceOutput::Consequence>& out) {
  std::map<std::pair<Word, Word>, std::size_t> seen;  // by cause and place, to count repeats
  for (std::size_t i = static_cast<std::size_t>(first) + 1; i < trace.spans.size(); ++i) {
    const SpanFacts& span = trace.spans[i];
    if (!trace.error_root[i]) continue;
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
    out.push_back(
        Consequence(trace, same ? "same error again" : "then failed", static_cast<SpanIndex>(i)));
  }
}

}  // namespace

std::optional<FirstFailure> FindFirstFailure(const Trace& trace) {
  const auto found = std::find_if(trace.error_root.begin(), trace.error_root.end(),
                                  [](std::uint8_t is_root) { return is_root != 0; });
  if (found == trace.error_root.end()) return std::nullopt;
  FirstFailure out;
  out.span = static_cast<SpanIndex>(found - trace.error_root.begin());
  const SpanFacts& span = At(trace, out.span);
  out.told.span_id = SpanIdText(trace, out.span);
  out.told.name = LabelText(trace, span);
  out.told.kind = KindName(span.kind);
  out.told.rule = FailureRuleName(span.failure_rule);
  out.told.signature = CleanName(trace.Text(span.error_signature), 240);
  out.told.at_ms = Ms(OffsetNs(trace, span));
  AddAncestors(trace, out.span, out.told.cascade);
  AddLater(trace, out.span, out.told.cascade);
  return out;
}

std::vector<ExplainTraceOutput::PathPart> CriticalParts(const Trace& trace, std::size_t most) {
  struct Part {
    std::int64_t ns = 0, calls = 0;
    SpanIndex longest = -1;
  };
  std::map<std::tuple<Kind, Word, Word>, Part> parts;
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
    std::string name = LabelText(trace, span);
    if (span.model && LabelOf(span) != span.model) {
      name.append(Cat(" (", CleanName(trace.Text(span.model), 40), ")"));
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
