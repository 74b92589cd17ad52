// SPDX-License-Identifier: MIT
// A tool reports success and returns the page of an HTTP error, a log-in wall or a check for
// robots, so the model takes it for what it asked for. One finding a run, tool and kind of page, at
// the first such result; the others are occurrences. error_cluster reports failed calls. On
// labelled runs of research agents 54 to 83 % of the findings lay in a turn that a person had
// marked, where chance gives 10 %; where only the first critical error was marked, 31 % did.
// Wasted: the calls that returned such a page.
// Eligible: traces in which a tool was called whose result was recorded.
#include <map>
#include <string>
#include <utility>

#include "engine/detectors/detector.h"

namespace halo {
namespace {

// Null if the result was not recorded.
const MessageFacts* ResultOf(const Trace& trace, const Turn& turn) {
  const MessagePool& messages = trace.words->messages();
  MessageId result = turn.result;
  if (turn.action != -1 && trace.spans[turn.action].answer != 0) {
    result = messages.Newest(trace.spans[turn.action].answer);
  }
  return result == 0 ? nullptr : &messages[result];
}

bool IsCalled(const Turn& turn) {
  return turn.kind == ActionKind::kTool || turn.kind == ActionKind::kNoSpan;
}

std::string_view PageOf(const MessageFacts& result) {
  if (result.Has(MessageMark::kLogInPage)) return "log-in page";
  if (result.Has(MessageMark::kBotCheck)) return "check for robots";
  if (result.Has(MessageMark::kStatusPage)) return "page of an HTTP error";
  return {};
}

bool Eligible(const Trace& trace) {
  for (const Turn& turn : trace.turns.all) {
    if (IsCalled(turn) && ResultOf(trace, turn) != nullptr) return true;
  }
  return false;
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  std::map<std::pair<StringId, std::string_view>, std::size_t> known;
  for (const Turn& turn : trace.turns.all) {
    if (!IsCalled(turn) || turn.failed || turn.at() == -1) continue;
    const MessageFacts* const result = ResultOf(trace, turn);
    if (result == nullptr) continue;
    const std::string_view page = PageOf(*result);
    if (page.empty()) continue;
    const auto [place, is_first] = known.try_emplace({turn.tool, page}, out.size());
    if (!is_first) {
      Finding& first = out[place->second];
      ++first.occurrences;
      if (turn.action != -1) {
        first.spans.push_back(turn.action);
        first.wasted.push_back(turn.action);
      }
      continue;
    }
    Finding& finding = out.emplace_back();
    finding.locus = LocusOf(trace, turn.at());
    if (turn.action == -1 && turn.tool != 0) {
      finding.locus.tool = trace.Text(turn.tool);
      finding.locus.span_name.clear();
    }
    finding.signature = page;
    finding.spans = {turn.at()};
    if (turn.action != -1) {
      finding.Cite(EvidenceRole::kResult, turn.action, trace.spans[turn.action].result_quote);
      finding.wasted = {turn.action};
    }
    CiteTurn(trace, turn, finding);
  }
}

}  // namespace

TraceDetector ErrorAsSuccess() {
  return {.id = 12,
          .name = "error_as_success",
          .category = "error",
          .severity = Severity::kMedium,
          .confidence = Confidence::kLikely,
          .end_of_run = false,
          .title = "{tool} returns a {signature} as if it had succeeded",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
