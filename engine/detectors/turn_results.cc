// SPDX-License-Identifier: MIT
#include "engine/detectors/turn_results.h"

#include <algorithm>

namespace halo {

bool IsToolCall(const Turn& turn) {
  return (turn.kind == ActionKind::kTool || turn.kind == ActionKind::kNoSpan) && turn.at() != -1;
}

const MessageFacts* RecordedResult(const Trace& trace, const Turn& turn) {
  if (turn.action == -1 || trace.spans[turn.action].answer == 0) return nullptr;
  const MessagePool& messages = trace.words->messages();
  return &messages[messages.Newest(trace.spans[turn.action].answer)];
}

const MessageFacts* ShownResult(const Trace& trace, const Turn& turn) {
  return turn.result == 0 ? nullptr : &trace.words->messages()[turn.result];
}

Locus LocusOfCall(const Trace& trace, const Turn& turn) {
  Locus locus = LocusOf(trace, turn.at());
  if (turn.action == -1 && turn.tool != 0) {
    locus.tool = trace.Text(turn.tool);
    locus.span_name.clear();
  }
  return locus;
}

bool SeesWholePrompt(const Trace& trace, const Turn& turn) {
  if (turn.seen_by == -1) return false;
  const SpanFacts& seen = trace.spans[turn.seen_by];
  return seen.prompt != 0 && !seen.prompt_cut && !seen.clipped;
}

bool BeginsAlike(const MessagePool& messages, const MessageFacts& part, const MessageFacts& whole) {
  const auto heads = messages.HeadsOf(part);
  const auto of_whole = messages.HeadsOf(whole);
  const auto end = of_whole.begin() + std::min<std::ptrdiff_t>(std::ssize(of_whole), 2);
  return !heads.empty() && std::find(of_whole.begin(), end, heads.front()) != end;
}

Finding* FindingByTool::Add(const Turn& turn) {
  Locus locus = LocusOfCall(trace_, turn);
  const auto known = std::find_if(out_.begin() + static_cast<std::ptrdiff_t>(begin_), out_.end(),
                                  [&](const Finding& finding) { return finding.locus == locus; });
  if (known != out_.end()) {
    known->spans.push_back(turn.at());
    ++known->occurrences;
    return nullptr;
  }
  Finding& finding = out_.emplace_back();
  finding.locus = std::move(locus);
  finding.spans = {turn.at()};
  return &finding;
}

}  // namespace halo
