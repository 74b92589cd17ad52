// SPDX-License-Identifier: MIT
// The run's last answer is no answer: it ends by announcing the next action ("Let me check the
// stock."), or writes a call of an offered tool into its text, where the harness does not read it.
// The harness took the text for the end. Such an answer in the middle of a run is
// announced_not_done, an empty one empty_final, a call that was asked for and never got on
// unfinished. Announcements are recognised in English. On service and coding agents with an outcome
// only, 36 and 89 % of the failed runs ended early in one of these ways, and 2 and 20 % of the
// passed ones; within one model the ratio was 1.4 (95 % interval 1.2 to 1.5).
// Wasted: the last call; if nothing else claims it, also the spend of the lost run (lost_run.h).
// Eligible: traces in which an agent with tools gave the last answer, which was recorded.
#include "engine/detectors/answers.h"
#include "engine/detectors/detector.h"
#include "engine/trace/call_sequence.h"

namespace halo {
namespace {

bool Eligible(const Trace& trace) {
  const RunEnd end = FindRunEnd(trace);
  return end.last_llm != -1 && trace.spans[end.last_llm].has_output &&
         HasTools(trace, trace.scope[end.last_llm]);
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const SpanIndex last = LastWords(trace);
  if (last == -1 || !HasTools(trace, trace.scope[last])) return;
  const bool writes = WritesCall(trace, last);
  if (!writes && !Says(trace, last, Saying::kAnnounces)) return;
  Finding& finding = out.emplace_back();
  finding.locus = LocusOf(trace, last);
  finding.signature =
      writes ? "writes its call into the text" : "ends by announcing its next action";
  finding.opportunity = Opportunity::kAgent;
  finding.spans = {last};
  const Saying saying = !writes                                   ? Saying::kAnnounces
                        : Says(trace, last, Saying::kWrittenCall) ? Saying::kWrittenCall
                                                                  : Saying::kCallTag;
  CiteSaying(trace, last, saying, finding);
  finding.Cite(EvidenceRole::kAnswer, last, trace.spans[last].finish_quote);
  finding.wasted = {WholeStep(trace, last)};
}

}  // namespace

TraceDetector StoppedEarly() {
  return {.id = 15,
          .name = "stopped_early",
          .category = "end",
          .severity = Severity::kHigh,
          .confidence = Confidence::kLikely,
          .end_of_run = true,
          .loses_run = true,
          .title = "{agent} stops before it acts: {signature}",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
