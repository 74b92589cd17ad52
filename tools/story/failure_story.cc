// SPDX-License-Identifier: MIT
#include "tools/story/failure_story.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

using wire::ExplainTraceOutput;

const SpanFacts& At(const Trace& trace, SpanIndex span) {
  return trace.spans[static_cast<std::size_t>(span)];
}

wire::Aftermath ToWire(Aftermath how) {
  switch (how) {
    case Aftermath::kPassedOn:
      return wire::Aftermath::kPassedOn;
    case Aftermath::kSameAgain:
      return wire::Aftermath::kSameAgain;
    case Aftermath::kThenFailed:
      break;
  }
  return wire::Aftermath::kThenFailed;
}

}  // namespace

ExplainTraceOutput::FirstFailure ToWire(const Trace& trace, const FirstFailure& first) {
  const SpanFacts& span = At(trace, first.span);
  ExplainTraceOutput::FirstFailure out;
  out.span_id = SpanIdText(trace, first.span);
  out.name = LabelText(trace, span);
  out.kind = Words(KindName(span.kind));
  out.rule = Words(FailureRuleName(span.failure_rule));
  out.signature = TraceText(trace.Text(span.error_signature), 240);
  out.at_ms = OffsetMs(trace, span);
  for (const LaterFailure& later : first.cascade) {
    const SpanFacts& failed = At(trace, later.span);
    out.cascade.push_back({ToWire(later.how), SpanIdText(trace, later.span),
                           LabelText(trace, failed), OffsetMs(trace, failed), later.count});
  }
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
