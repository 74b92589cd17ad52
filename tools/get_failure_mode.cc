// SPDX-License-Identifier: MIT
#include "schemas/get_failure_mode.h"

#include <algorithm>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/judged_detectors.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"
#include "tools/story/absence.h"
#include "tools/story/acceptance.h"
#include "tools/story/advice.h"
#include "tools/story/fix_evidence.h"
#include "tools/story/grep_strings.h"
#include "tools/story/harness_layer.h"
#include "tools/story/mode_evidence.h"
#include "tools/story/reviewed_story.h"

namespace halo {
namespace {

using wire::GetFailureModeInput;
using wire::GetFailureModeOutput;

constexpr std::size_t kMostTogether = 6, kMostModels = 6;

std::vector<GetFailureModeOutput::Part> ToTimeline(const ModeStats& stats) {
  std::vector<GetFailureModeOutput::Part> out;
  for (std::size_t i = 0; i < stats.trend.size(); ++i) {
    const std::int64_t from =
        stats.trend_from_ns + stats.trend_part_ns * static_cast<std::int64_t>(i);
    if (stats.trend_last_ns == 0 || from > stats.trend_last_ns) break;
    const std::int64_t to = std::min(from + stats.trend_part_ns, stats.trend_last_ns);
    out.push_back({TimeText(from), TimeText(to), stats.trend[i], stats.trend_all[i]});
  }
  return out;
}

GetFailureModeOutput::FixBrief ToFix(const RankedMode& mode, Unit unit) {
  const Advice& advice = AdviceFor(mode.detector);
  GetFailureModeOutput::FixBrief fix;
  fix.goal = Say("No more ", Words(UnitName(unit)), " in which ", LocusText(mode.stats.locus),
                 " shows ", Words(mode.detector), ", without new failures elsewhere.");
  const HarnessLayer& layer = LayerOf(mode.detector);
  fix.layer = Words(layer.layer);
  for (const std::string_view one : layer.operators) {
    if (!one.empty()) fix.operators.emplace_back(one);
  }
  fix.change = Words(advice.change);
  fix.avoid = Words(advice.avoid);
  fix.done_when = "verify_fix says fixed (see acceptance), and names no side effect.";
  return fix;
}

std::string OutcomeSentence(const RankedMode& mode, const wire::ModeRow& row) {
  if (!row.association || row.association->runs_with == 0) return {};
  const auto& table = *row.association;
  std::string text = Cat(" ", table.failed_with, " of ", Plural(table.runs_with, "such run"),
                         " with a known outcome failed");
  if (table.runs_without > 0) {
    text.append(Cat(", and ", table.failed_without, " of ", table.runs_without, " without it"));
  }
  return text + (mode.outcome_known ? "." : " (too few runs to say).");
}

// What to make of the findings, before they are counted.
std::string ConfidenceSentence(const RankedMode& mode) {
  switch (mode.confidence) {
    case Confidence::kCandidate:
      return "A candidate: no measurement says how often such findings are failures, so read the "
             "quotes of two runs before you believe it. ";
    case Confidence::kLikely:
      return "Likely: most findings of this rule lie where people see the mistake, not all. ";
    case Confidence::kProven:
      break;
  }
  return {};
}

Prose Narrative(Engine& engine, const RankedMode& mode, const wire::ModeRow& row, Unit unit) {
  Prose text = Say(row.title, ". ");
  if (mode.link == OutcomeLink::kAsOften) text.Add(row.note, " ");
  const Prose doubt = WhyDoubted(engine, mode);
  text.Add(doubt.empty() ? Prose(ConfidenceSentence(mode)) : doubt);
  text.Add("Runs with it ", Words(AdviceFor(mode.detector).means), ": ",
           Plural(mode.stats.units, UnitName(unit)), " of ", mode.stats.eligible_units,
           " that could show it (", PercentText(mode.rate.value), ", 95 % interval ",
           PercentText(mode.rate.low), " to ", PercentText(mode.rate.high), "), ",
           Plural(mode.stats.occurrences, "time"), " in all.");
  text.Add(OutcomeSentence(mode, row));
  if (mode.refusal) {
    text.Add(
        " The tool works: it refuses by a rule of the business. Where runs fail, the agent should "
        "know the rule before it asks, or say it to the user.");
  } else if (!row.wasted.tokens) {
    text.Add(" What it wastes is unknown, since its calls report no usage");
    if (row.wasted.ms) text.Add("; it took ", DurationText(*row.wasted.ms * 1'000'000));
    text.Add(".");
  } else if (row.wasted.micro_usd != 0 || row.wasted.tokens != 0 || row.wasted.ms.value_or(0) > 0) {
    text.Add(" Without it ", WasteText(row.wasted), " of waiting would have been saved.");
  }
  if (mode.stats.stretches > 0 && mode.stats.units > 1) {
    text.Add(Cat(" In absolute time these calls fall into ", Plural(mode.stats.stretches, "period"),
                 "; the one with most has ", mode.stats.largest_stretch, " of them."));
  }
  switch (mode.generality) {
    case Generality::kSystemic:
      text.Add(
          " It is systemic: it shows across tasks and over time, so the harness is the "
          "place to fix it.");
      break;
    case Generality::kRecurring:
      text.Add(" It recurs, but not widely: see what the affected runs have in common.");
      break;
    case Generality::kOneOff:
      text.Add(" It is a one-off: do not change the harness for it without more evidence.");
      break;
  }
  return text.Add(" Over time it is ", row.trend, ".");
}

using ModeDraft = Draft<GetFailureModeOutput>;

void ShortenEvidence(GetFailureModeOutput::FixBrief& fix) {
  constexpr std::size_t kBytes = 100;
  for (auto* quote : {&fix.system_prompt, &fix.last_result}) {
    if (*quote) (*quote)->text.Shorten(kBytes);
  }
  if (!fix.arguments) return;
  fix.arguments->sent.text.Shorten(kBytes);
  if (fix.arguments->schema) fix.arguments->schema->text.Shorten(2 * kBytes);
  if (fix.arguments->passing) fix.arguments->passing->text.Shorten(kBytes);
}

void Trim(ModeDraft& draft) {
  using Out = GetFailureModeOutput;
  int step = 0;
  bool cut = false;
  draft.Fit(kDefaultAnswerBytes, [&](ModeDraft& large) {
    cut = true;
    switch (++step) {
      case 1:
        if (large->fix) ShortenEvidence(*large.Edit(&Out::fix));
        if (large->counter_example) {
          auto& differs = large.Edit(&Out::counter_example)->differs;
          differs.resize(std::min<std::size_t>(3, differs.size()));
        }
        large.Edit(&Out::co_occurring).resize(std::min<std::size_t>(3, large->co_occurring.size()));
        return true;
      case 2:
        for (auto& example : large.Edit(&Out::examples)) {
          example.span_ids.resize(std::min<std::size_t>(2, example.span_ids.size()));
          if (example.quote) example.quote->text.Shorten(120);
          for (auto& one : example.evidence) one.quote.Shorten(80);
        }
        return true;
      case 3:
        for (auto& example : large.Edit(&Out::examples)) {
          if (&example != &large->examples.front()) example.evidence.clear();
        }
        return true;
      default:
        if (large->examples.size() <= 1) return false;
        large.Edit(&Out::examples).pop_back();
        return true;
    }
  });
  if (cut) {
    draft.Edit(&Out::notes)
        .push_back("Shortened to fit; explain_trace and read_spans show the examples in full.");
  }
}

// The row of a mode that no run in the filter shows.
wire::ModeRow AbsentRow(const ModeInQuestion& found, const wire::AbsentMode& absent, Unit unit) {
  wire::ModeRow row;
  if (found.mode) row = ToWire(*found.mode, unit);
  row.id = absent.id;
  if (const RankedMode* best = found.best()) {
    row.title = best->title;
    row.generality = Words(GeneralityName(best->generality));
    if (best->stats.units > 0) row.last_seen = TimeText(best->stats.last_ns);
  } else {
    row.title = Cat("Failure mode ", absent.id, ", which this store has never seen");
    row.status = Words(StatusName(TriageStatus::kOpen));
  }
  row.eligible_traces = absent.eligible_traces;
  row.rate_high = absent.rate_high;
  row.trend = "absent";
  return row;
}

GetFailureModeOutput AbsentAnswer(Engine& engine, const GetFailureModeInput& in,
                                  const Question& question, const ModeInQuestion& found) {
  GetFailureModeOutput out;
  out.absent = DescribeAbsence(found);
  out.mode = AbsentRow(found, *out.absent, found.totals.unit);
  out.narrative = Say(out.mode.title, ". No run in the filter shows it: ", out.absent->statement);
  if (const RankedMode* best = found.best(); best && best->stats.units > 0) {
    out.fix = ToFix(*best, found.totals.unit);
    out.triage_reason = TraceText(best->triage.reason, 400);
  }
  out.outcomes = ToWireOutcomes(found.totals);
  AddFixes(engine, found.id, out);
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  for (Prose& note : LeftOutByTime(engine, question)) out.notes.push_back(std::move(note));
  if (!found.unknown.empty()) out.notes.push_back(Words(found.unknown));
  if (found.totals.traces == 0) {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
  }
  if (found.overall && found.overall->stats.units > 0) {
    out.next.push_back(Cat(R"(get_failure_mode {"id":")", out.mode.id, "\"}"));
  }
  if (const std::optional<std::string> filters = FiltersJson(in.filters)) {
    out.next.push_back(Cat("list_failure_modes {", *filters, "}"));
  }
  return out;
}

// Says of lists and counts that they are only a part.
void TellPages(const RankedMode& mode, const TogetherRows& together, GetFailureModeOutput& out) {
  if (together.counted < together.traces) {
    out.notes.push_back(Cat("co_occurring counts the newest ", together.counted, " of ",
                            Plural(together.traces, "trace"), " that show it."));
  }
  const auto tell = [&](std::string_view what, std::size_t most, std::size_t total,
                        std::string_view first) {
    if (total <= most) return;
    out.notes.push_back(Cat(total, " ", what, ", of which ", first, " are shown."));
  };
  tell("modes come with it", kMostTogether, static_cast<std::size_t>(together.total),
       "the most telling");
  tell("models show it", kMostModels, mode.stats.models.size(), "the most frequent");
}

Result<ModeDraft> GetFailureMode(Engine& engine, const GetFailureModeInput& input,
                                 const CallContext& context) {
  GetFailureModeInput in = input;
  const Result<ModeId> id = ReadEntryId(engine, in.id, "$.id");
  if (!id) return id.error();
  const Result<Question> question =
      MakeTraceQuestion(engine, in.filters, "get_failure_mode", context.stop);
  if (!question) return question.error();
  const auto book = engine.Reviews();
  if (!book) return book.error();
  if (const Category* const category = (*book)->FindCategory(*id)) {
    Result<GetFailureModeOutput> told = TellReviewed(engine, *category, input.filters, *question,
                                                     static_cast<std::size_t>(in.examples));
    if (!told) return told.error();
    for (Prose& note : ProvenanceNotes(engine)) told->notes.push_back(std::move(note));
    ModeDraft draft(std::move(*told), context);
    Trim(draft);
    return draft;
  }
  const Result<ModeInQuestion> found = FindMode(engine, *question, *id);
  if (!found) return found.error();
  if (found->absent()) return ModeDraft(AbsentAnswer(engine, in, *question, *found), context);
  const RankedMode* const mode = &*found->mode;
  const Result<ModeRanking> ranking = engine.RankedModes(*question);
  if (!ranking) return ranking.error();

  GetFailureModeOutput out;
  out.mode = ToWire(*mode, ranking->totals.unit);
  const std::vector<ModeExample> examples =
      ReadExamples(engine, *mode, static_cast<std::size_t>(in.examples));
  for (const ModeExample& example : examples) out.examples.push_back(ToWire(engine, example));
  const std::optional<PassingRun> passing = PassingRunFor(engine, *question, *mode, examples);
  if (passing) out.counter_example = passing->shown;
  out.where_to_look = FindPlace(engine, *mode, examples);
  out.fix = ToFix(*mode, ranking->totals.unit);
  if (!examples.empty()) {
    AddFixEvidence(engine, examples.front(),
                   passing && passing->reading ? &*passing->reading : nullptr, *out.fix);
  }
  out.grep_for = GrepStrings(engine, *mode, examples);
  AddAcceptance(engine, *question, *ranking, *mode, out);
  TogetherRows together = FindTogether(engine, *question, *ranking, mode->stats.id, kMostTogether);
  TellPages(*mode, together, out);
  out.co_occurring = std::move(together.rows);
  out.timeline = ToTimeline(mode->stats);
  for (const auto& [model, traces] : mode->stats.models) {
    if (out.models.size() < kMostModels) out.models.emplace(model, traces);
  }
  out.triage_reason = TraceText(mode->triage.reason, 400);
  out.outcomes = ToWireOutcomes(ranking->totals);
  out.narrative = Narrative(engine, *mode, out.mode, ranking->totals.unit);
  AddFixes(engine, mode->stats.id, out);
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
  if (*id != mode->stats.id) {
    out.notes.push_back(
        Say(ModeIdText(*id), " is one entry with ", out.mode.id, ", which stands for both."));
  }
  if (!out.counter_example) {
    out.notes.push_back("No successful run without this failure was found to compare with.");
  }
  if (!out.examples.empty()) {
    AddCall(out.next, "explain_trace", "trace_id", out.examples.front().trace_id);
  }
  if (passing && IsPlainId(passing->shown.a.raw()) && IsPlainId(passing->shown.trace_id.raw())) {
    out.next.push_back(Cat(R"(compare_traces {"traces":[")", passing->shown.a.raw(), "\",\"",
                           passing->shown.trace_id.raw(), "\"]}"));
  }
  out.next.push_back(Cat(R"(search_traces {"filters":{"failure_mode":")", out.mode.id, "\"}}"));
  ModeDraft draft(std::move(out), context);
  Trim(draft);
  return draft;
}

}  // namespace

Tool GetFailureModeTool() {
  return MakeTool(
      ToolInfo{
          .name = "get_failure_mode",
          .title = "One failure mode in full",
          .description =
              "Everything needed to fix one failure mode: what happens and how sure that is, where "
              "in the harness to look, strings to grep for, a fix brief (what to change, what only "
              "hides it, the acceptance test, tasks to rerun), diverse example runs with exact "
              "quotes, a successful run without it, modes that come with it and its timeline. "
              "Takes an id from list_failure_modes. Read two examples before you change anything; "
              "afterwards call record_fix.",
          .search_hint = "fix brief evidence examples root cause failure mode",
      },
      &GetFailureMode);
}

}  // namespace halo
