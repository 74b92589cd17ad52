// SPDX-License-Identifier: MIT
// The next prompt says that what the model wrote or asked for was rejected, and no span shows it:
// the output could not be parsed, or a call that has no span of its own came back as an error (the
// AI SDK, LangGraph and Genkit refuse wrong arguments so). One finding a run and cause, at the call
// of the model that was rejected; the others are occurrences.
// Each rejection has one owner: a step or tool with a span that failed is error_cluster's, and a
// call that does not fit the definition of its tool is invalid_call's. On labelled runs of research
// agents .60 of the findings lay in a marked turn, where chance gives .28; in group chats .33
// (.16).
// Wasted: the model call, if all that it asked for was rejected.
// Eligible: traces with a model call whose prompt was recorded after another one's answer.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/detectors/answers.h"
#include "engine/detectors/detector.h"
#include "engine/model/message_place.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

bool Eligible(const Trace& trace) {
  return std::any_of(trace.turns.prompts.begin(), trace.turns.prompts.end(),
                     [&](const PromptStep& step) {
                       return step.before != -1 && trace.spans[step.span].prompt != 0;
                     });
}

// Whether another detector reports what became of the model call.
bool IsReportedElsewhere(const Trace& trace, SpanIndex llm) {
  const SpanFacts& span = trace.spans[llm];
  if (span.invalid_call != 0 || span.failed || span.finish == FinishClass::kTruncated) return true;
  const auto turns = trace.turns.AskedBy(llm);
  return std::any_of(turns.begin(), turns.end(), [&](std::int32_t index) {
    const Turn& turn = trace.turns.all[index];
    return turn.action != -1 && turn.failed;
  });
}

bool AllRejected(const Trace& trace, SpanIndex llm) {
  const auto turns = trace.turns.AskedBy(llm);
  return std::all_of(turns.begin(), turns.end(),
                     [&](std::int32_t index) { return trace.turns.all[index].failed; });
}

class Finder {
 public:
  Finder(const Trace& trace, std::vector<Finding>& out) : trace_(trace), out_(out) {}

  // A call without a span, whose result is an error.
  void AddCall(const Turn& turn) {
    if (turn.kind != ActionKind::kNoSpan || !turn.failed || turn.asked_by == -1) return;
    if (trace_.spans[turn.asked_by].invalid_call != 0) return;
    const std::string_view text = trace_.Text(turn.error);
    Finding* const finding =
        Add(turn.asked_by, turn.tool, text.empty() ? "error without text" : text);
    if (finding != nullptr) CiteTurn(trace_, turn, *finding);
  }

  // An output that could not be used.
  void AddOutput(const PromptStep& step) {
    if (step.before == -1 || IsReportedElsewhere(trace_, step.before)) return;
    std::int64_t rejected = -1;
    ForEachNewest(trace_, step, [&](const MessageFacts& message, std::uint32_t at) {
      if (message.Has(MessageMark::kRejects) && message.error == 0) rejected = at;
    });
    if (rejected == -1) return;
    Finding* const finding = Add(step.before, 0, "the output could not be used");
    if (finding == nullptr) return;
    const auto at = static_cast<std::uint32_t>(rejected);
    finding->opportunity = Opportunity::kAgent;
    finding->Cite(EvidenceRole::kSeen, step.span, PlaceText({MessagePlace::Kind::kPrompt, at, {}}));
    finding->Cite(EvidenceRole::kAsked, step.before, trace_.spans[step.before].output_quote);
  }

 private:
  // The finding, if it is the first of its cause.
  Finding* Add(SpanIndex llm, StringId tool, std::string_view signature) {
    const bool lost = AllRejected(trace_, llm);
    const auto [known, is_first] =
        known_.try_emplace({trace_.agent[llm], tool, std::string(signature)}, out_.size());
    if (!is_first) {
      Finding& first = out_[known->second];
      ++first.occurrences;
      first.spans.push_back(llm);
      if (lost) first.wasted.push_back(WholeStep(trace_, llm));
      return nullptr;
    }
    Finding& finding = out_.emplace_back();
    finding.locus = LocusOf(trace_, llm);
    if (tool != 0) {
      finding.locus.tool = trace_.Text(tool);
      finding.locus.span_name.clear();
    }
    finding.signature = signature;
    finding.spans = {llm};
    if (lost) finding.wasted = {WholeStep(trace_, llm)};
    return &finding;
  }

  const Trace& trace_;
  std::vector<Finding>& out_;
  std::map<std::tuple<StringId, StringId, std::string>, std::size_t> known_;
};

void Find(const Trace& trace, std::vector<Finding>& out) {
  Finder finder(trace, out);
  for (const Turn& turn : trace.turns.all) finder.AddCall(turn);
  for (const PromptStep& step : trace.turns.prompts) finder.AddOutput(step);
}

}  // namespace

TraceDetector RejectedTurn() {
  return {.id = 14,
          .name = "rejected_turn",
          .category = "error",
          .severity = Severity::kMedium,
          .confidence = Confidence::kLikely,
          .end_of_run = false,
          .title = "What the model asks of {tool} is rejected: {signature}",
          .signature = SignatureKind::kErrorText,
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
