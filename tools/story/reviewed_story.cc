// SPDX-License-Identifier: MIT
#include "tools/story/reviewed_story.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/common/calibration.h"
#include "tools/common/reviewed_modes.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

using Out = wire::GetFailureModeOutput;

constexpr std::size_t kQuoteBytes = 240, kMostTogether = 6, kMostReaders = 3;

std::optional<wire::Quote> QuoteOf(const TraceKey& key, const Problem& problem) {
  if (problem.quote.empty()) return std::nullopt;
  return wire::Quote{TraceId(problem.trace_id.empty() ? key.trace_id : problem.trace_id),
                     TraceId(problem.span_id), TraceId(problem.path),
                     TraceText(problem.quote, kQuoteBytes), problem.offset};
}

Out::Example ToExample(const TraceRow& run, const BookNote& note, ModeId category) {
  Out::Example out;
  out.trace_id = TraceId(run.key.trace_id);
  out.project = TraceName(run.key.project);
  out.task = TraceName(run.task);
  out.started = TimeText(run.start_ns);
  out.outcome = Words(OutcomeName(run.outcome));
  out.steps = run.steps;
  for (std::size_t i = 0; i < note.categories.size(); ++i) {
    if (note.categories[i] != category) continue;
    const Problem& problem = note.note.problems[i];
    ++out.occurrences;
    if (!problem.span_id.empty()) out.span_ids.emplace_back(problem.span_id);
    if (!out.quote) out.quote = QuoteOf(run.key, problem);
  }
  return out;
}

// A run that a reader called good: of the same task as an example, else any.
std::optional<Out::CounterExample> GoodRun(Engine& engine, const ReviewBook& book,
                                           const ReviewedMode& mode) {
  std::vector<TraceKey> good;
  for (const auto& [key, run] : book.notes()) {
    if (run.counting()->note.verdict == ReadVerdict::kGood) good.push_back(key);
  }
  const auto summaries = engine.Summaries(good);
  if (!summaries) return std::nullopt;
  std::optional<Out::CounterExample> out;
  for (std::size_t i = 0; i < good.size(); ++i) {
    const Result<TraceSummary>& summary = (*summaries)[i];
    if (!summary) continue;
    const bool same = !summary->task.empty() &&
                      std::any_of(mode.runs.begin(), mode.runs.end(),
                                  [&](const TraceRow& run) { return run.task == summary->task; });
    if (out && !same) continue;
    out = Out::CounterExample{
        TraceId(good[i].trace_id),
        same ? "A reader called this run of the same task good." : "A reader called this run good.",
        Words(OutcomeName(summary->outcome))};
    if (same) break;
  }
  return out;
}

std::vector<Out::Together> ModesIn(const ReviewedMode& mode, const ModeRanking& ranking) {
  std::map<ModeId, std::int64_t> counts;
  for (const TraceRow& run : mode.runs) {
    for (const ModeId id : run.modes) ++counts[id];
  }
  std::vector<Out::Together> out;
  for (const RankedMode& other : ranking.modes) {
    const auto count = counts.find(other.stats.id);
    if (count == counts.end() || out.size() == kMostTogether) continue;
    out.push_back({ModeIdText(other.stats.id), other.title, count->second,
                   static_cast<double>(count->second) / static_cast<double>(mode.runs.size()),
                   other.share.value});
  }
  std::stable_sort(out.begin(), out.end(), [](const Out::Together& a, const Out::Together& b) {
    return a.traces > b.traces;
  });
  return out;
}

// "agent (5), owner (2)".
Prose Readers(const ReviewBook& book, const ReviewedMode& mode) {
  std::map<std::string, std::int64_t> notes;
  for (const TraceRow& run : mode.runs) ++notes[book.NotesOf(run.key)->counting()->who];
  std::vector<std::pair<std::string, std::int64_t>> most(notes.begin(), notes.end());
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  Prose out;
  for (std::size_t i = 0; i < std::min(most.size(), kMostReaders); ++i) {
    out.Add(i > 0 ? ", " : "", TraceName(most[i].first), " (", most[i].second, ")");
  }
  if (most.size() > kMostReaders) out.Add(" and ", most.size() - kMostReaders, " more");
  return out;
}

Prose Narrative(Engine& engine, const ReviewBook& book, const ReviewedMode& mode) {
  Prose out = Say("This is what readers said of runs, not a finding of a rule: ", mode.row.name,
                  ". Seen in ", Plural(mode.row.seen_in, "run"), " by ", Readers(book, mode), ".");
  if (mode.row.share) {
    out.Add(" Of ", Plural(mode.mode.stats.eligible_units, "run"), " drawn at random and read, ",
            mode.row.of_random, " show it: ", PercentText(*mode.row.share), ", 95 % interval ",
            PercentText(*mode.row.share_low), " to ", PercentText(*mode.row.share_high), ".");
  } else {
    out.Add(
        " What share of all runs shows it is unknown: the runs of these filters were not drawn at "
        "random and read.");
  }
  const Prose agreement = AgreementSentence(engine);
  if (!agreement.empty()) out.Add(" ", agreement);
  return out.Add(
      " The quotes stand in the runs at the places given; what they mean is the readers' "
      "word.");
}

Out::FixBrief FixOf(const ReviewedMode& mode) {
  Out::FixBrief fix;
  fix.goal = Say("No more runs of which a reader says: ", mode.row.name, ".");
  fix.change =
      "Find what in the harness leads to it: read three of these runs and the counter_example with "
      "review_runs and a trace_id, and compare them where they part. Change one thing.";
  fix.avoid = "Rules that name the examples, and a reader who knows which runs have the change.";
  fix.done_when =
      "Of new runs drawn at random, a reader notes it less often, and the intervals do not "
      "overlap.";
  return fix;
}

}  // namespace

Result<Out> TellReviewed(Engine& engine, const Category& category,
                         const std::optional<wire::Filters>& filters, const Question& question,
                         std::size_t examples) {
  const auto book = engine.Reviews();
  if (!book) return book.error();
  const Result<ModeRanking> ranking = engine.RankedModes(question);
  if (!ranking) return ranking.error();
  const auto reviewed = ReadReviewedModes(engine, filters, question, ranking->totals);
  if (!reviewed) return reviewed.error();
  const auto found = std::find_if(reviewed->begin(), reviewed->end(), [&](const ReviewedMode& one) {
    return one.mode.stats.id == category.id;
  });
  if (found == reviewed->end()) {
    const auto anywhere = static_cast<std::int64_t>((*book)->RunsWith(category.id).size());
    return Error{Code::kNotFound,
                 Cat("No settled run in the filter shows the category ", ModeIdText(category.id),
                     "; readers saw it in ", Plural(anywhere, "run"), " of the store.")};
  }
  Out out;
  out.mode = ToWire(found->mode, ranking->totals.unit);
  out.mode.quote = found->row.quote;
  out.narrative = Narrative(engine, **book, *found);
  for (const TraceRow& run : found->runs) {
    if (out.examples.size() == examples) break;
    out.examples.push_back(ToExample(run, *(*book)->NotesOf(run.key)->counting(), category.id));
  }
  out.counter_example = GoodRun(engine, **book, *found);
  out.fix = FixOf(*found);
  out.co_occurring = ModesIn(*found, *ranking);
  out.triage_reason = TraceText(found->mode.triage.reason, 400);
  out.outcomes = ToWireOutcomes(ranking->totals);
  if (out.examples.size() < found->runs.size()) {
    out.notes.push_back(Say(found->runs.size() - out.examples.size(),
                            " more runs show it: search_traces with this id as "
                            "filters.failure_mode."));
  }
  if (!out.examples.empty()) {
    AddCall(out.next, "review_runs", "trace_id", out.examples.front().trace_id);
  }
  const std::string id = ModeIdText(category.id);
  out.next.push_back(Cat(R"(search_traces {"filters":{"failure_mode":")", id, "\"}}"));
  out.next.push_back(Cat(R"(review_runs {"draw":"entry","entry":")", id, R"(","who":"second"})"));
  return out;
}

}  // namespace halo
