// SPDX-License-Identifier: MIT
#include "schemas/explain_trace.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <tuple>

#include "engine/detectors/all_detectors.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"
#include "tools/story/failure_story.h"
#include "tools/story/first_wrong.h"
#include "tools/story/judged.h"
#include "tools/story/narrative.h"
#include "tools/story/outline.h"
#include "tools/story/request.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

using wire::ExplainTraceInput;
using wire::ExplainTraceOutput;

constexpr std::size_t kQuoteBytes = 240;
constexpr std::size_t kShortQuoteBytes = 80;
constexpr std::size_t kEvidenceBytes = 160;
constexpr std::size_t kMostWithEvidence = 12, kFewWithEvidence = 2;
constexpr std::size_t kFewSpanIds = 3;
constexpr std::size_t kMostLabels = 5;
constexpr std::size_t kMostCandidates = 8;
constexpr std::size_t kMostSpansToRead = 6;
// No more findings fit into kLargeAnswerBytes: the shortest takes more than 130 bytes.
constexpr std::size_t kMostFindings = kLargeAnswerBytes / 130;

// The position of each mode, or of its entry, in the ranked list of the whole store.
struct Ranks {
  std::map<ModeId, std::pair<std::size_t, const RankedMode*>> by_id;

  const RankedMode* Find(ModeId id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second.second;
  }
  std::size_t Position(ModeId id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? by_id.size() : found->second.first;
  }
};

Ranks RankAll(const ModeRanking& ranking) {
  Ranks out;
  for (std::size_t i = 0; i < ranking.modes.size(); ++i) {
    const ModeStats& entry = ranking.modes[i].stats;
    out.by_id.emplace(entry.id, std::pair{i, &ranking.modes[i]});
    for (const auto* const members : {&entry.variants, &entry.effects}) {
      for (const ModeMember& member : *members) {
        out.by_id.emplace(member.id, std::pair{i, &ranking.modes[i]});
      }
    }
  }
  return out;
}

ExplainTraceOutput::Finding ToWire(const StoredFinding& finding, const Ranks& ranks) {
  ExplainTraceOutput::Finding out;
  out.mode_id = ModeIdText(finding.mode);
  if (const TraceDetector* const detector = FindTraceDetector(finding.detector)) {
    out.detector = Words(detector->name);
    out.category = Words(finding.tag == kDomainRefusal ? kDomainRefusal : detector->category);
  }
  out.confidence = halo::ToWire(finding.confidence);
  out.occurrences = finding.occurrences;
  out.wasted = halo::ToWire(finding.waste);
  for (const std::string& id : finding.span_ids) out.span_ids.emplace_back(id);
  if (const RankedMode* mode = ranks.Find(finding.mode)) {
    const TraceDetector* const detector = FindTraceDetector(finding.detector);
    const bool listed = mode->stats.id == finding.mode || detector == nullptr;
    out.title = listed ? mode->title : TitleOf(*detector, finding.locus, finding.signature);
    if (!listed) out.entry_id = ModeIdText(mode->stats.id);
    out.generality = Words(GeneralityName(mode->generality));
    out.traces_with_mode = mode->stats.traces;
  } else {
    out.title = Say(out.detector, " at ", LocusText(finding.locus));
  }
  return out;
}

// The findings of a trace, those of the modes that rank highest over all traces first. Candidates
// apart.
struct SortedFindings {
  std::vector<const StoredFinding*> sure, candidates;
};
SortedFindings Sort(const TraceSummary& summary, const Ranks& ranks) {
  SortedFindings out;
  for (const StoredFinding& finding : summary.findings) {
    const bool sure = finding.confidence != Confidence::kCandidate;
    (sure ? out.sure : out.candidates).push_back(&finding);
  }
  for (auto* const findings : {&out.sure, &out.candidates}) {
    std::stable_sort(findings->begin(), findings->end(),
                     [&](const StoredFinding* a, const StoredFinding* b) {
                       return ranks.Position(a->mode) < ranks.Position(b->mode);
                     });
  }
  return out;
}

// Adds findings with their quotes. Those after `most` cannot fit, so their quotes are not read.
void AddFindings(Engine& engine, const TraceReading& reading, const Ranks& ranks,
                 std::span<const StoredFinding* const> findings, std::size_t most,
                 std::stop_token stop, std::vector<ExplainTraceOutput::Finding>& out) {
  for (std::size_t i = 0; i < std::min(most, findings.size()); ++i) {
    if (stop.stop_requested()) return;
    out.push_back(ToWire(*findings[i], ranks));
    if (const StoredQuote* quote = findings[i]->quote()) {
      out.back().quote = FetchQuote(engine, reading, *quote, kQuoteBytes);
    }
    if (i >= kMostWithEvidence) continue;
    out.back().evidence = FetchEvidence(engine, reading, *findings[i], kEvidenceBytes);
  }
}

// Adds the run's request and its final answer, if spans contain them.
void AddConversation(Engine& engine, const TraceReading& reading, ExplainTraceOutput& out) {
  out.asked = FindRequest(engine, reading, kQuoteBytes);
  const auto take = [&](SpanIndex span, const QuoteRef& quote) {
    if (out.answered || quote.path == 0) return;
    out.answered = FetchQuote(engine, reading, span, quote, kQuoteBytes);
  };
  const Trace& trace = reading.trace;
  for (std::size_t i = trace.spans.size(); i-- > 0;) {
    const SpanFacts& span = trace.spans[i];
    const auto index = static_cast<SpanIndex>(i);
    if (span.kind == Kind::kTool && span.finish == FinishClass::kStop && !span.failed) {
      take(index, span.result_quote);
    }
    if (span.kind != Kind::kLlm || !span.has_output) continue;
    // Text that comes with a tool call is not an answer, and neither is the call.
    if (span.tool_call_count == 0 && !span.output_blank) take(index, span.output_quote);
    break;
  }
  if (trace.HoldsAnswer(trace.root)) take(trace.root, trace.spans[trace.root].output_quote);
  for (std::size_t s = trace.scopes.size(); s-- > 0 && !out.answered;) {
    const SpanIndex agent = trace.scopes[s].agent_span;
    if (trace.HoldsAnswer(agent)) take(agent, trace.spans[agent].output_quote);
  }
}

// The labels of the run, newest first.
void AddLabels(const std::vector<Label>& labels, ExplainTraceOutput& out) {
  for (std::size_t i = labels.size(); i-- > 0 && out.labels.size() < kMostLabels;) {
    const Label& label = labels[i];
    const bool undone = label.outcome == Outcome::kUnknown;
    out.labels.push_back({undone ? Words("taken back") : Words(OutcomeName(label.outcome)),
                          TimeText(label.at_ns), TraceName(label.who),
                          TraceText(label.why, kQuoteBytes)});
  }
}

// Compares with the runs of the same agent.
void AddJudged(Engine& engine, const TraceReading& reading, std::stop_token stop,
               ExplainTraceOutput& out) {
  OverviewStats alike;
  if (reading.summary.tool_calls == 0 && reading.summary.llm_calls > 0) {
    Question question = WholeStore(engine, std::move(stop));
    question.filter.project = reading.summary.project;
    if (!reading.summary.agents.empty()) question.filter.agent = reading.summary.agents.front();
    if (Result<OverviewStats> stats = engine.Overview(question)) alike = std::move(*stats);
  }
  Judged judged = WhatWasJudged(reading, alike);
  out.checked = std::move(judged.checked);
  out.not_judged = std::move(judged.not_judged);
}

ExplainTraceOutput::Cost ToCost(const TraceSummary& summary) {
  ExplainTraceOutput::Cost out;
  out.micro_usd =
      KnownMicroUsd(summary.nano_usd, {summary.unpriced_calls, summary.health.llm_without_tokens});
  out.unpriced_calls = summary.unpriced_calls;
  out.tokens = ToWire(summary.usage);
  Waste waste;
  for (const StoredFinding& finding : summary.findings) {
    if (finding.confidence != Confidence::kCandidate) waste += finding.waste;
  }
  out.wasted = ToWire(waste);
  std::vector<OperationRollup> operations;
  for (const OperationRollup& operation : summary.operations) {
    if (operation.usage.total() == 0 && operation.nano_usd == 0) continue;
    const auto key = [](const OperationRollup& o) {
      return std::tie(o.kind, o.agent, o.name, o.model, o.role);
    };
    if (operations.empty() || key(operations.back()) != key(operation)) {
      operations.push_back(operation);
      continue;
    }
    OperationRollup& sum = operations.back();  // of another prompt
    sum.count += operation.count;
    sum.usage += operation.usage;
    sum.nano_usd += operation.nano_usd;
    sum.unpriced += operation.unpriced;
  }
  std::stable_sort(operations.begin(), operations.end(), [](const auto& a, const auto& b) {
    return std::pair(a.nano_usd, a.usage.total()) > std::pair(b.nano_usd, b.usage.total());
  });
  for (std::size_t i = 0; i < std::min<std::size_t>(3, operations.size()); ++i) {
    const OperationRollup& operation = operations[i];
    Prose name = Say(TraceName(operation.name));
    if (!operation.model.empty()) name.Add(" (", TraceName(operation.model), ")");
    if (operation.role != CallRole::kNone) name.Add(", ", Words(CallRoleName(operation.role)));
    out.top.push_back({std::move(name), std::string(KindName(operation.kind)), operation.count,
                       operation.usage.total(),
                       KnownMicroUsd(operation.nano_usd, {operation.unpriced, 0})});
  }
  return out;
}

// The call that reads the spans of the finding along its turn.
void AddEvidenceCall(const StoredFinding* finding, ExplainTraceOutput& out) {
  if (finding == nullptr) return;
  std::string ids;
  for (const TraceId& id : SpansToRead(*finding, kMostSpansToRead)) {
    ids.append(Cat(ids.empty() ? "\"" : ",\"", id.raw(), "\""));
  }
  if (ids.empty()) return;
  AddCall(out.next, "read_spans", "trace_id", out.trace.id, Cat(R"(,"span_ids":[)", ids, "]"));
}

// A call for more of the same trace. An id that is not a plain one is described, not repeated.
std::string SameTrace(const TraceId& id, std::string_view more) {
  if (!IsPlainId(id.raw())) return Cat("explain_trace with the same trace_id and ", more);
  return Cat(R"(explain_trace {"trace_id":")", id.raw(), "\",", more, "}");
}

using TraceDraft = Draft<ExplainTraceOutput>;

constexpr std::array kFindingLists = {&ExplainTraceOutput::findings,
                                      &ExplainTraceOutput::candidates};

void ShortenQuotes(TraceDraft& draft) {
  for (const auto list : kFindingLists) {
    for (auto& finding : draft.Edit(list)) {
      if (finding.quote) finding.quote->text.Shorten(kShortQuoteBytes);
      for (auto& one : finding.evidence) one.quote.Shorten(kShortQuoteBytes);
    }
  }
}

void ShortenSpanIds(TraceDraft& draft) {
  for (const auto list : kFindingLists) {
    for (auto& finding : draft.Edit(list)) {
      if (finding.span_ids.size() <= kFewSpanIds) continue;
      finding.spans = static_cast<std::int64_t>(finding.span_ids.size());
      finding.span_ids.resize(kFewSpanIds);
    }
  }
}

// Of all findings but the first ones.
void DropEvidence(TraceDraft& draft) {
  for (const auto list : kFindingLists) {
    std::vector<ExplainTraceOutput::Finding>& findings = draft.Edit(list);
    for (std::size_t i = kFewWithEvidence; i < findings.size(); ++i) findings[i].evidence.clear();
  }
}

// Shortens the outline first, then quotes and lists of spans. Findings are only cut at the limit
// for large answers.
void Fit(const Outliner& outliner, const ExplainTraceInput& in, TraceDraft& draft) {
  using Out = ExplainTraceOutput;
  std::size_t lines = static_cast<std::size_t>(in.outline_lines);
  const bool asked_for_more = in.outline_lines > ExplainTraceInput{}.outline_lines;
  int step = 0;
  draft.Fit(asked_for_more ? kLargeAnswerBytes : kDefaultAnswerBytes, [&](TraceDraft& large) {
    if (lines > 12) {
      lines = std::max<std::size_t>(12, lines / 2);
      large.Edit(&Out::outline) = outliner.Make(lines).lines;
      return true;
    }
    ++step;
    if (step == 1) ShortenQuotes(large);
    if (step == 2) ShortenSpanIds(large);
    if (step == 3) DropEvidence(large);
    return step <= 3;
  });
  if (step >= 2) {
    draft.Edit(&Out::notes)
        .push_back(
            "Quotes and span lists are shortened; get_failure_mode and read_spans give them in "
            "full.");
  }
  const std::size_t notes = draft->notes.size();
  draft.FitList(&Out::findings, kLargeAnswerBytes, [&](TraceDraft& large, std::size_t count) {
    const auto shown = in.findings_from + static_cast<std::int64_t>(count);
    const bool all = shown >= large->findings_total;
    if (all && large->notes.size() == notes) return;
    std::vector<Prose>& all_notes = large.Edit(&Out::notes);
    all_notes.resize(notes);
    if (all) return;
    all_notes.push_back(
        Say("Findings ", in.findings_from + 1, " to ", shown, " of ", large->findings_total,
            "; the rest: ", SameTrace(large->trace.id, Cat(R"("findings_from":)", shown))));
  });
}

Result<TraceDraft> ExplainTrace(Engine& engine, const ExplainTraceInput& in,
                                const CallContext& context) {
  const Result<TraceReading> reading =
      ReadTraceById(engine, {in.project.value_or(""), in.trace_id}, context.stop);
  if (!reading) return reading.error();
  const Result<ModeRanking> ranking = engine.RankedModes(WholeStore(engine, context.stop));
  if (!ranking) return ranking.error();
  const Ranks ranks = RankAll(*ranking);

  ExplainTraceOutput out;
  out.trace = ToWireHead(reading->summary, reading->settled);
  AddLabels(reading->stored.labels, out);
  const SortedFindings sorted = Sort(reading->summary, ranks);
  const std::span<const StoredFinding* const> sure(sorted.sure);
  out.findings_total = static_cast<std::int64_t>(sure.size());
  out.candidates_total = static_cast<std::int64_t>(sorted.candidates.size());
  const std::size_t from = std::min(static_cast<std::size_t>(in.findings_from), sure.size());
  AddFindings(engine, *reading, ranks, sure.subspan(from), kMostFindings, context.stop,
              out.findings);
  AddFindings(engine, *reading, ranks, sorted.candidates, kMostCandidates, context.stop,
              out.candidates);
  const std::optional<FirstWrong> first_wrong = FindFirstWrong(reading->trace, sure);
  if (first_wrong) out.first_wrong = first_wrong->turn;
  if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
  if (const std::optional<FirstFailure> first = FindFirstFailure(reading->trace)) {
    const auto slot = static_cast<std::size_t>(first->span);
    out.first_failure = ToWire(reading->trace, *first);
    out.first_failure->quote = FetchQuote(engine, *reading, first->span,
                                          reading->trace.spans[slot].error_quote, kQuoteBytes);
  }
  AddConversation(engine, *reading, out);
  out.critical_path = CriticalParts(reading->trace, 6);
  out.cost = ToCost(reading->summary);
  AddJudged(engine, *reading, context.stop, out);
  const Outliner outliner(reading->trace);
  Outline outline = outliner.Make(static_cast<std::size_t>(in.outline_lines));
  out.outline = std::move(outline.lines);
  out.headline = TraceHeadline(reading->summary, out);
  out.narrative = TraceNarrative(reading->summary, out);
  out.notes = ProvenanceNotes(engine);
  if (reading->summary.outcome == Outcome::kUnknown) {
    out.notes.push_back("No rule could decide the outcome; label_runs sets it.");
  }
  if (const std::int32_t interrupts = reading->trace.interrupts; interrupts > 0) {
    out.notes.push_back(Cat(Plural(interrupts, "span"),
                            " ended with an exception that asks for an approval, hands over, "
                            "cancels or ends a stream: not counted as failed, since the run went "
                            "on or ended well."));
  }
  AddEvidenceCall(first_wrong                 ? first_wrong->finding
                  : sorted.candidates.empty() ? nullptr
                                              : sorted.candidates.front(),
                  out);
  AddCall(out.next, "read_spans", "trace_id", out.trace.id);
  if (!out.findings.empty()) {
    out.next.push_back(Cat(R"(get_failure_mode {"id":")", out.findings.front().mode_id, "\"}"));
  }
  if (outline.cut) {
    out.notes.push_back(
        Say("The outline is cut; more of it: ", SameTrace(out.trace.id, R"("outline_lines":400)"),
            "; every span: read_spans."));
  }
  TraceDraft draft(std::move(out), context);
  Fit(outliner, in, draft);
  return draft;
}

}  // namespace

Tool ExplainTraceTool() {
  return MakeTool(
      ToolInfo{
          .name = "explain_trace",
          .title = "Explain one trace",
          .description =
              "Explains one run: what happened (narrative), its outcome and how that was decided, "
              "every finding with span ids and an exact quote, the first failure and what followed "
              "from it, the critical path, cost, and an outline with repeats folded. findings say "
              "which failure mode each belongs to and in how many other traces it occurs: fix what "
              "recurs. Candidates, which no measurement backs, are listed apart. checked and "
              "not_judged say "
              "what the data let anybody judge.",
          .search_hint = "debug one agent run trace timeline why failed",
      },
      &ExplainTrace);
}

}  // namespace halo
