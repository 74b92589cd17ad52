// SPDX-License-Identifier: MIT
#include "schemas/list_failure_modes.h"

#include <algorithm>
#include <bit>
#include <map>
#include <span>
#include <utility>

#include "engine/detectors/all_detectors.h"
#include "schemas/json.h"
#include "schemas/nearest.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/calibration.h"
#include "tools/common/cursor.h"
#include "tools/common/filters.h"
#include "tools/common/judged_detectors.h"
#include "tools/common/mode_view.h"
#include "tools/common/review_advice.h"
#include "tools/common/reviewed_modes.h"
#include "tools/common/to_wire.h"
#include "tools/story/absence.h"
#include "tools/story/judged.h"
#include "tools/story/regressions.h"

namespace halo {
namespace {

using wire::ListFailureModesInput;
using wire::ListFailureModesOutput;
using wire::ModeSort;

constexpr std::size_t kQuoteBytes = 160;
constexpr std::size_t kMostReviewed = 6;

// Where the next page starts: the question, and the last mode shown with its sort key.
struct PageState {
  ListFailureModesInput question;
  std::string after;
  std::int64_t key = 0;  // the bits of a double

  static constexpr auto Fields() {
    using Self = PageState;
    return std::tuple{Field("q", &Self::question), Field("after", &Self::after),
                      Field("key", &Self::key)};
  }
};

double SortKey(const RankedMode& mode, ModeSort sort) {
  switch (sort) {
    case ModeSort::kRate:
      return mode.rate.value;
    case ModeSort::kTraces:
      return static_cast<double>(mode.stats.traces);
    case ModeSort::kWasted:
      return mode.wasted_runs;
    case ModeSort::kRecent:
      return static_cast<double>(mode.stats.last_ns);
    case ModeSort::kScore:
      break;
  }
  return mode.score;
}

Result<void> CheckDetector(const std::optional<std::string>& detector) {
  if (!detector) return {};
  std::vector<std::string_view> known;
  for (const TraceDetector& one : AllTraceDetectors()) known.push_back(one.name);
  known.push_back(kReviewedDetector);
  if (std::find(known.begin(), known.end(), *detector) != known.end()) return {};
  return Error{Code::kInvalidArgument, Cat("$.detector: unknown detector ", Quoted(*detector),
                                           SuggestWord(*detector, known))};
}

Confidence LeastSure(const ListFailureModesInput& in) {
  // Whoever names a detector wants to see what it found.
  if (!in.confidence) return in.detector ? Confidence::kCandidate : Confidence::kLikely;
  switch (*in.confidence) {
    case wire::Confidence::kProven:
      return Confidence::kProven;
    case wire::Confidence::kLikely:
      return Confidence::kLikely;
    case wire::Confidence::kCandidate:
      break;
  }
  return Confidence::kCandidate;
}

ModesInView Select(const ModeRanking& ranking, const ListFailureModesInput& in,
                   std::optional<ModeId> only) {
  ModeView view;
  view.least = LeastSure(in);
  view.one_offs = in.include_one_offs;
  if (in.filters) view.status = in.filters->status;
  view.detector = in.detector;
  view.only = only;
  ModesInView out = ViewModes(ranking, view);
  if (in.sort == ModeSort::kScore) return out;  // the order of the ranking
  std::stable_sort(out.modes.begin(), out.modes.end(),
                   [&](const RankedMode* a, const RankedMode* b) {
                     return SortKey(*a, in.sort) > SortKey(*b, in.sort);
                   });
  return out;
}

std::size_t FirstOfPage(const std::vector<const RankedMode*>& modes, const PageState& state) {
  const auto last = std::find_if(modes.begin(), modes.end(), [&](const RankedMode* mode) {
    return ModeIdText(mode->stats.id) == state.after;
  });
  if (last != modes.end()) return static_cast<std::size_t>(last - modes.begin()) + 1;
  const auto key = std::bit_cast<double>(state.key);
  const auto next = std::find_if(modes.begin(), modes.end(), [&](const RankedMode* mode) {
    return SortKey(*mode, state.question.sort) < key;
  });
  return static_cast<std::size_t>(next - modes.begin());
}

// Finds quotes of different runs for each mode of a page, at their stored positions. Each round
// tries the next example of the modes that have too few, and reads each trace once, however many of
// the modes it shows.
class Quotes {
 public:
  Quotes(Engine& engine, std::int64_t wanted, std::stop_token stop)
      : engine_(engine), wanted_(static_cast<std::size_t>(wanted)), stop_(std::move(stop)) {}

  void Add(std::span<const RankedMode* const> modes, std::span<wire::ModeRow> rows) {
    std::size_t most_examples = 0;
    for (const RankedMode* mode : modes) {
      most_examples = std::max(most_examples, mode->stats.examples.size());
    }
    for (std::size_t example = 0; example < most_examples; ++example) {
      std::map<TraceKey, std::vector<std::size_t>> wanted;
      for (std::size_t i = 0; i < modes.size(); ++i) {
        const std::size_t quoted = rows[i].examples.size() + (rows[i].quote ? 1 : 0);
        if (quoted >= wanted_ || example >= modes[i]->stats.examples.size()) continue;
        wanted[modes[i]->stats.examples[example]].push_back(i);
      }
      std::vector<TraceKey> keys;
      for (const auto& [key, which] : wanted) keys.push_back(key);
      const auto summaries = engine_.Summaries(keys);
      if (!summaries) return;
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if (stop_.stop_requested()) return;
        const Result<TraceSummary>& summary = (*summaries)[i];
        if (summary) Read(keys[i], *summary, modes, wanted[keys[i]], rows);
      }
    }
  }

 private:
  void Read(const TraceKey& key, const TraceSummary& summary,
            std::span<const RankedMode* const> modes, const std::vector<std::size_t>& which,
            std::span<wire::ModeRow> rows) {
    std::vector<StoredQuote> places;
    std::vector<std::size_t> asked;
    for (const std::size_t i : which) {
      const StoredFinding* finding = FindingOf(summary, modes[i]->stats);
      if (!finding || !finding->quote()) continue;
      places.push_back(*finding->quote());
      asked.push_back(i);
    }
    if (places.empty()) return;
    const Result<std::vector<std::string>> texts = engine_.QuoteTexts(key, places);
    for (std::size_t n = 0; texts && n < asked.size(); ++n) {
      if ((*texts)[n].empty()) continue;
      const std::string_view shown = CutText((*texts)[n], kQuoteBytes);
      wire::Quote quote{TraceId(key.trace_id), TraceId(places[n].span_id), TraceId(places[n].path),
                        TraceText(shown, shown.size()), places[n].offset};
      wire::ModeRow& row = rows[asked[n]];
      if (row.quote) {
        row.examples.push_back(std::move(quote));
      } else {
        row.quote = std::move(quote);
      }
    }
  }

  Engine& engine_;
  std::size_t wanted_;
  std::stop_token stop_;
};

std::string Headline(const ModesInView& selection, const ModeRanking& ranking, Unit unit) {
  const auto systemic = std::count_if(
      selection.modes.begin(), selection.modes.end(),
      [](const RankedMode* mode) { return mode->generality == Generality::kSystemic; });
  std::string out = Cat(Plural(static_cast<std::int64_t>(selection.modes.size()), "failure mode"),
                        " in ", Plural(ranking.totals.units, UnitName(unit)));
  if (systemic > 0) out.append(Cat(", ", systemic, " of them systemic"));
  if (selection.one_offs > 0) {
    out.append(Cat("; ", Plural(selection.one_offs, "one-off"), " listed separately"));
  }
  if (selection.candidates > 0) {
    out.append(Cat("; ", Plural(selection.candidates, "candidate"), " not shown"));
  }
  const std::int64_t failed = ranking.totals.outcomes[static_cast<std::size_t>(Outcome::kFailure)];
  if (const std::int64_t none = ranking.totals.failed_without_mode; none > 0) {
    out.append(Cat("; ", none, " of ", Plural(failed, "failed run"), none == 1 ? " shows" : " show",
                   " no proven or likely one"));
  }
  return out + ".";
}

void ExplainAbsence(Engine& engine, const ListFailureModesInput& in, const ModesInView& selection,
                    const ModeRanking& ranking, ListFailureModesOutput& out) {
  if (ranking.totals.traces == 0) {
    for (Prose& note : WhyEmpty(engine, in.filters)) out.notes.push_back(std::move(note));
    out.next.emplace_back("get_overview {}");
    return;
  }
  if (ranking.totals.units == 0) {
    out.notes.push_back("No run has settled yet: rates count finished runs only.");
  } else if (selection.one_offs + selection.triaged + selection.candidates == 0) {
    Judged judged = WhatWasJudged(ranking.totals);
    out.notes.push_back(Say("Nothing was found: ", std::move(judged.checked), "."));
    for (Prose& gap : judged.not_judged) out.notes.push_back(Say("Not judged: ", gap));
    out.next.emplace_back("get_expensive_spans {}");
  }
  out.next.emplace_back(R"(search_traces {"filters":{"outcome":"failure"}})");
}

// Adds the calls that show what this answer omits.
void PointOnwards(const ListFailureModesInput& in, const ModesInView& selection,
                  ListFailureModesOutput& out) {
  if (!out.modes.empty()) {
    out.next.push_back(Cat(R"(get_failure_mode {"id":")", out.modes.front().id, "\"}"));
  }
  const std::optional<std::string> filters = FiltersJson(in.filters);
  if (selection.one_offs > 0 && filters) {
    out.next.push_back(Cat(R"(list_failure_modes {"include_one_offs":true)",
                           filters->empty() ? "" : ",", *filters, "}"));
  }
  if (selection.candidates > 0 && filters) {
    out.next.push_back(Cat(R"(list_failure_modes {"confidence":"candidate")",
                           in.include_one_offs ? R"(,"include_one_offs":true)" : "",
                           filters->empty() ? "" : ",", *filters, "}"));
  }
  if (out.failed_without_mode > 0) {
    std::optional<wire::Filters> unexplained = in.filters.value_or(wire::Filters());
    unexplained->status.reset();
    unexplained->failure_mode.reset();
    unexplained->outcome = wire::Outcome::kFailure;
    unexplained->no_mode = true;
    if (const std::optional<std::string> failed = FiltersJson(unexplained)) {
      out.next.push_back(Cat("search_traces {", *failed, "}"));
    }
  }
  if (selection.triaged > 0) {
    out.next.emplace_back(R"(list_failure_modes {"filters":{"status":"ignored"}} or "accepted")");
  }
}

// Sets the headline for the one mode that was asked for: its rate, or that no run shows it.
Result<void> AddOne(Engine& engine, const Question& question, ModeId id,
                    ListFailureModesOutput& out) {
  const Result<ModeInQuestion> found = FindMode(engine, question, id);
  if (!found) return found.error();
  if (found->absent()) {
    out.absent = DescribeAbsence(*found);
    if (!found->unknown.empty()) out.notes.push_back(Words(found->unknown));
  }
  const RankedMode* const best = found->best();
  out.headline = Say(best ? best->title : Prose(ModeIdText(id)), ": ", RateSentence(*found));
  return {};
}

void AddRows(std::span<const RankedMode* const> modes, const ReviewedBeside& reviewed, Unit unit,
             ListFailureModesOutput& out) {
  for (const RankedMode* const mode : modes) {
    wire::ModeRow& row = out.modes.emplace_back(ToWire(*mode, unit));
    const auto seen = reviewed.rows.find(mode->stats.id);
    if (seen != reviewed.rows.end()) row.quote = seen->second.quote;
  }
}

// Without those that select failure modes and not runs.
std::optional<wire::Filters> FiltersOfRuns(std::optional<wire::Filters> filters) {
  if (!filters) return filters;
  filters->status.reset();
  filters->failure_mode.reset();
  if (Write(*filters).get_object().empty()) return std::nullopt;
  return filters;
}

// Adds what readers saw in runs of other reviews; with `only`, just that.
void AddUnranked(const ReviewedBeside& reviewed, std::optional<ModeId> only,
                 ListFailureModesOutput& out) {
  for (const wire::ReviewedRow& row : reviewed.unranked) {
    if (!only || row.id.str() == ModeIdText(*only)) out.reviewed.push_back(row);
  }
}

using ModeDraft = Draft<ListFailureModesOutput>;

// Says which modes this page shows, and sets the cursor of the next page.
void SetPage(const ModesInView& selection, std::size_t first, std::size_t shown, PageState& state,
             ModeDraft& draft) {
  const std::size_t end = first + shown, all = selection.modes.size();
  std::string text =
      first > 0 || end < all ? PageText("failure modes", first, shown, all) : std::string();
  const bool more = shown > 0 && end < all;
  if (more) text.append(NextPageText("list_failure_modes"));
  draft.Edit(&ListFailureModesOutput::page) = std::move(text);
  draft.Edit(&ListFailureModesOutput::next_cursor) = Words();
  if (!more) return;
  const RankedMode& last = *selection.modes[end - 1];
  state.after = ModeIdText(last.stats.id);
  state.key = std::bit_cast<std::int64_t>(SortKey(last, state.question.sort));
  draft.Edit(&ListFailureModesOutput::next_cursor) = EncodeCursor(state);
}

Result<ModeDraft> ListFailureModes(Engine& engine, const ListFailureModesInput& input,
                                   const CallContext& context) {
  PageState state{input, {}, 0};
  if (input.cursor) {
    Result<PageState> decoded = DecodeCursor<PageState>(*input.cursor);
    if (!decoded) return decoded.error();
    state = std::move(*decoded);
    state.question.limit = input.limit;
  }
  ListFailureModesInput& in = state.question;
  if (const auto known = CheckDetector(in.detector); !known) return known.error();
  const std::optional<wire::Filters> asked = FiltersOfRuns(in.filters);
  Result<Question> question = MakeQuestion(engine, in.filters, context.stop);
  if (!question) return question.error();
  // The filter selects the listed mode, not the runs: otherwise its rate would be 100 %.
  std::optional<ModeId> only = std::exchange(question->filter.failure_mode, std::nullopt);
  const auto book = engine.Reviews();
  if (!book) return book.error();
  const Category* const category = only ? (*book)->FindCategory(*only) : nullptr;
  if (category) only = category->id;
  Result<ModeRanking> ranking = engine.RankedModes(*question);
  if (!ranking) return ranking.error();
  const auto reviewed = RankReviewed(engine, asked, *question, kMostReviewed, *ranking,
                                     in.filters ? in.filters->status : std::nullopt);
  if (!reviewed) return reviewed.error();

  const ModesInView selection = Select(*ranking, in, only);
  ListFailureModesOutput out;
  out.headline = Headline(selection, *ranking, ranking->totals.unit);
  if (only && !category) {
    if (const Result<void> added = AddOne(engine, *question, *only, out); !added) {
      return added.error();
    }
  }
  if (state.after.empty() && !in.detector) AddUnranked(*reviewed, only, out);
  out.total = static_cast<std::int64_t>(selection.modes.size());
  out.hidden_one_offs = selection.one_offs;
  out.hidden_triaged = selection.triaged;
  out.hidden_candidates = selection.candidates;
  out.failed_without_mode = ranking->totals.failed_without_mode;
  out.runs = ranking->totals.units;
  out.unit = Words(UnitName(ranking->totals.unit));
  out.ranking =
      "score = share_low x median waste x outcome_factor: Wilson lower bound of the share of all "
      "runs; median waste of an affected run plus a floor by severity (1, 10 or 50 % of what a run "
      "costs in the median), in tokens where no cost is known, else in ms; shrunken risk ratio of "
      "failed outcomes (1 while unknown, at most 1 where no affected run failed); business rules "
      "that "
      "refuse (domain_refusal) come last unless failed runs show them more often";
  out.outcomes = ToWireOutcomes(ranking->totals);
  if (!reviewed->rows.empty()) out.notes.push_back(AgreementSentence(engine));
  if (state.after.empty()) AddJudged(engine, *question, out.judged, out.notes);

  const std::size_t first = state.after.empty() ? 0 : FirstOfPage(selection.modes, state);
  const std::size_t end =
      std::min(selection.modes.size(), first + static_cast<std::size_t>(in.limit));
  AddRows(std::span(selection.modes).subspan(first, end - first), *reviewed, ranking->totals.unit,
          out);
  Quotes(engine, in.examples, context.stop)
      .Add(std::span(selection.modes).subspan(first, end - first), out.modes);
  if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
  MarkRegressions(engine, *question, out.modes, out.notes);
  // After the quotes, because reading them may have met damage.
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  for (Prose& note : LeftOutByTime(engine, *question)) out.notes.push_back(std::move(note));
  if (out.modes.empty() && !(only && ranking->totals.traces > 0)) {
    ExplainAbsence(engine, in, selection, *ranking, out);
  }
  PointOnwards(in, selection, out);
  if (state.after.empty() && !only) {
    PutFirst(ProposeReview(engine, asked, *question, ranking->totals), out.notes, out.next);
  }

  in.cursor.reset();
  ModeDraft draft(std::move(out), context);
  draft.FitList(
      &ListFailureModesOutput::modes, in.limit > 10 ? kLargeAnswerBytes : kDefaultAnswerBytes,
      [&](ModeDraft& page, std::size_t shown) { SetPage(selection, first, shown, state, page); });
  return draft;
}

}  // namespace

Tool ListFailureModesTool() {
  return MakeTool(
      ToolInfo{
          .name = "list_failure_modes",
          .title = "List failure modes",
          .description =
              "Ranked failure modes across all runs: what goes wrong repeatedly, where in the "
              "harness (agent, tool), in how many runs (rate with 95 % interval), what it wastes "
              "(tokens, micro-USD, ms), whether it goes with failed outcomes, and one exact quote. "
              "Start here to find what to fix. Modes seen in one run or one task only are "
              "one-offs, hidden unless asked for, so that a fix does not overfit; so are "
              "candidates "
              "(confidence), which need reading before you believe them. Ids are stable: "
              "pass one to get_failure_mode for evidence and a fix brief.",
          .always_load = true,
          .search_hint = "agent failures errors loops retries root cause ranking",
      },
      &ListFailureModes);
}

}  // namespace halo
