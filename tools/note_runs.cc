// SPDX-License-Identifier: MIT
#include "schemas/note_runs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/analysis/category_edit.h"
#include "engine/analysis/review_book.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/calibration.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/review_counts.h"
#include "tools/common/review_outcomes.h"
#include "tools/common/to_wire.h"
#include "tools/story/blind_review.h"
#include "tools/story/category_patterns.h"
#include "tools/story/evaluator_notes.h"
#include "tools/story/finding_verdicts.h"
#include "tools/story/read_note.h"

namespace halo {
namespace {

constexpr std::size_t kMostScores = 500;
constexpr std::size_t kMostNotes = 50, kMostEdits = 50;
constexpr std::size_t kMaxWho = 64;
// In an answer to notes, which come often, categories are only counted.
constexpr std::size_t kShownCategories = 25, kCountedCategories = 12, kExampleRuns = 3;

using wire::NoteRunsInput;
using wire::NoteRunsOutput;

Error Invalid(std::string message) {
  return {Code::kInvalidArgument, std::move(message) + " Nothing was stored."};
}

bool SameProblem(const Problem& a, const Problem& b) {
  return CategoryKey(a.category) == CategoryKey(b.category) && a.turn == b.turn &&
         a.span_id == b.span_id && a.quote == b.quote && a.severity == b.severity;
}

// Whether the reader's last note of the run says the same, and no second one is due.
bool SaysNothingNew(const ReviewBook& book, const ReviewNote& note, std::string_view who) {
  const RunNotes* const run = book.NotesOf(note.key);
  if (!run || book.IsDueAgain(note.key)) return false;
  for (auto last = run->notes.rbegin(); last != run->notes.rend(); ++last) {
    if (last->who != who) continue;
    const ReviewNote& before = last->note;
    return before.verdict == note.verdict && before.comment == note.comment &&
           before.findings == note.findings && before.blind == note.blind &&
           std::equal(before.problems.begin(), before.problems.end(), note.problems.begin(),
                      note.problems.end(), SameProblem);
  }
  return false;
}

Result<void> ReadNotes(Engine& engine, const NoteRunsInput& in, const ReviewBook& book,
                       const CallContext& context, std::vector<ReviewEvent>& events,
                       NoteRunsOutput& out, std::map<TraceKey, TraceId>& shown_as) {
  const std::string who = OneLine(in.who, kMaxWho);
  std::set<TraceKey> seen;
  std::int64_t unjudged = 0;
  for (const NoteRunsInput::Note& note : in.notes) {
    Result<NotedRun> run =
        ReadNotedRun(engine, {in.project.value_or(""), note.trace_id}, context.stop);
    if (!run) {
      if (run.error().code != Code::kNotFound && run.error().code != Code::kInvalidArgument) {
        return run.error();
      }
      out.refused.push_back(
          {TraceId(note.trace_id), Words(std::string(run.error().message)), 0, std::nullopt});
      continue;
    }
    if (!seen.insert(run->run.first().stored.key).second) {
      out.refused.push_back({run->ShownId(),
                             "the call has two notes of this run: the first was taken", 0,
                             std::nullopt});
      continue;
    }
    ReviewEvent event;
    event.who = who;
    ReviewNote read;
    if (!ReadNote(engine, note, *run, read, out.refused, out.notes)) continue;
    unjudged += UnjudgedFindings(run->run.traces, read.findings);
    if (SaysNothingNew(book, read, who)) continue;
    shown_as[read.key] = run->ShownId();
    event.what = std::move(read);
    events.push_back(std::move(event));
  }
  if (unjudged > 0) {
    out.notes.push_back(Cat(Plural(unjudged, "finding"),
                            " of rules in these runs, of which the dossiers tell, were not judged: "
                            "right and wrong say so."));
  }
  return {};
}

Result<CategoryEdit> ToEdit(Engine& engine, const NoteRunsInput::Edit& in, const ReviewBook& book,
                            const std::optional<std::string>& project) {
  CategoryEdit out;
  const int kinds = !in.merge.empty() + in.rename.has_value() + in.split.has_value();
  if (kinds != 1) {
    return Error{Code::kInvalidArgument, "expected exactly one of merge, rename and split"};
  }
  out.kind = in.rename  ? CategoryEdit::Kind::kRename
             : in.split ? CategoryEdit::Kind::kSplit
                        : CategoryEdit::Kind::kMerge;
  std::vector<std::string> from = in.merge;
  if (in.rename) from = {*in.rename};
  if (in.split) from = {*in.split};
  // An id stands for its category.
  const auto name_of = [&](const std::string& given) {
    const std::string name = OneLine(AsStored(given), kMaxCategoryName);
    const Category* const known = book.FindCategory(name);
    return known && ParseModeId(name) != 0 ? known->name : name;
  };
  for (const std::string& name : from) out.from.push_back(name_of(name));
  out.to = name_of(in.to);
  std::vector<TraceKey> keys;
  for (const std::string& id : in.trace_ids) keys.push_back({project.value_or(""), id});
  const auto found = engine.FindTraces(keys);
  if (!found) return found.error();
  for (const Result<LabelledTrace>& trace : *found) {
    if (!trace) return trace.error();
    out.runs.push_back(trace->key);
  }
  if (const Result<void> fits = CheckEdit(book, out); !fits) return fits.error();
  return out;
}

// The undos and changes of categories, each checked against the events before it.
Result<void> ReadEdits(Engine& engine, const NoteRunsInput& in, std::vector<ReviewEvent> before,
                       std::vector<ReviewEvent>& events, std::vector<TraceKey>& touched) {
  std::int64_t number = before.empty() ? 0 : before.back().id;
  const auto add = [&](ReviewEvent event) {
    event.who = OneLine(in.who, kMaxWho);
    events.push_back(event);
    event.id = ++number;
    before.push_back(std::move(event));
  };
  for (ReviewEvent note : std::exchange(events, {})) add(std::move(note));
  for (std::size_t i = 0; i < in.undo.size(); ++i) {
    if (const Result<void> fits = ReviewBook(before).CheckUndo(in.undo[i]); !fits) {
      return Invalid(Cat("$.undo[", i, "]: ", fits.error().message, "."));
    }
    for (const ReviewEvent& event : before) {
      const auto* const note = std::get_if<ReviewNote>(&event.what);
      if (note && event.id == in.undo[i]) touched.push_back(note->key);
    }
    ReviewEvent event;
    event.what = ReviewUndo{in.undo[i]};
    add(std::move(event));
  }
  for (std::size_t i = 0; i < in.categories.size(); ++i) {
    Result<CategoryEdit> edit = ToEdit(engine, in.categories[i], ReviewBook(before), in.project);
    if (!edit) {
      return Error{edit.error().code,
                   Cat("$.categories[", i, "]: ", edit.error().message, ". Nothing was stored.")};
    }
    ReviewEvent event;
    event.what = std::move(*edit);
    add(std::move(event));
  }
  return {};
}

// Adds what the scores of evaluators say, or takes it back.
Result<void> ReadScores(Engine& engine, const NoteRunsInput& in, const ReviewBook& book,
                        const CallContext& context, std::vector<ReviewEvent>& events,
                        NoteRunsOutput& out) {
  if (!in.evaluators) return {};
  if (!*in.evaluators) {
    events = UndoEvaluators(book);
    out.notes.push_back(Cat("Scores stand for notes no more: ",
                            Plural(static_cast<std::int64_t>(events.size()), "note"),
                            " of evaluators taken back."));
    return {};
  }
  std::optional<wire::Filters> filters;
  if (in.project) filters.emplace().project = in.project;
  const Result<Question> question = MakeQuestion(engine, filters, context.stop);
  if (!question) return question.error();
  Result<EvaluatorNotes> read =
      NotesOfEvaluators(engine, book, *question, kMostScores, context.stop);
  if (!read) return read.error();
  events = std::move(read->events);
  out.notes.push_back(
      Cat("Scores of evaluators stand for notes of ",
          Plural(static_cast<std::int64_t>(events.size()), "run"),
          read->left > 0 ? Cat("; ", read->left, " more with the same call again") : std::string(),
          ". A reader's note of such a run counts before them."));
  return {};
}

Result<void> CheckSizes(const NoteRunsInput& in) {
  if (in.who == kEvaluatorsReader) {
    return Invalid("$.who: evaluators is the name under which scores stand for notes.");
  }
  if (in.evaluators && !(in.notes.empty() && in.categories.empty() && in.undo.empty())) {
    return Invalid("$.evaluators: comes alone, or with project.");
  }
  if (in.notes.size() > kMostNotes) {
    return Invalid(
        Cat("$.notes: at most ", kMostNotes, " in one call; got ", in.notes.size(), "."));
  }
  if (in.categories.size() + in.undo.size() > kMostEdits) {
    return Invalid(Cat("At most ", kMostEdits, " changes in one call."));
  }
  return {};
}

Result<void> AddState(Engine& engine, const ReviewBook& book, bool counts_only,
                      NoteRunsOutput& out) {
  const std::string review = LargestReview(book);
  out.progress = ProgressOf(book, review);
  out.categories = CategoryRows(book, review, counts_only ? 0 : kExampleRuns);
  if (counts_only) {
    for (wire::ReviewedRow& row : out.categories) row.quote.reset();
  }
  const std::size_t most = counts_only ? kCountedCategories : kShownCategories;
  if (out.categories.size() > most) {
    out.more_categories = static_cast<std::int64_t>(out.categories.size() - most);
    out.categories.resize(most);
    out.notes.push_back("note_runs {} shows more categories, with quotes and runs.");
  }
  // While runs are open, a comparison after each note would tell the outcomes of single runs.
  if (!counts_only || out.progress->unread == 0) {
    auto agreement = AgreementWithOutcomes(engine, book);
    if (!agreement) return agreement.error();
    if (!book.notes().empty()) out.notes.push_back(AgreementSentence(*agreement));
    out.with_outcomes = std::move(*agreement);
  } else {
    out.notes.push_back(
        "Verdicts are compared with outcomes when no run is open; note_runs {} does so now.");
  }
  if (out.progress->random_read > 0) {
    out.notes.push_back("Shares count runs that were drawn at random and read.");
  }
  if (out.progress->new_category_at_most && out.progress->random_read >= 20 &&
      *out.progress->new_category_at_most < 0.15) {
    out.notes.push_back("Hardly any new category is to be expected: stop reading, group and fix.");
    out.next.push_back("list_failure_modes {}");
  } else {
    out.next.push_back("review_runs {}");
  }
  AddPatternCall(book, out.next);
  return {};
}

Result<Draft<NoteRunsOutput>> NoteRuns(Engine& engine, const NoteRunsInput& in,
                                       const CallContext& context) {
  if (const Result<void> fits = CheckSizes(in); !fits) return fits.error();
  const Result<std::vector<ReviewEvent>> before = engine.ReviewEvents();
  if (!before) return before.error();
  NoteRunsOutput out;
  std::vector<ReviewEvent> events;
  std::vector<TraceKey> touched;
  std::map<TraceKey, TraceId> shown_as;
  const Result<void> read =
      ReadNotes(engine, in, ReviewBook(*before), context, events, out, shown_as);
  if (!read) return read.error();
  for (const ReviewEvent& event : events) touched.push_back(std::get<ReviewNote>(event.what).key);
  if (const auto edits = ReadEdits(engine, in, *before, events, touched); !edits) {
    return edits.error();
  }
  if (const auto scores = ReadScores(engine, in, ReviewBook(*before), context, events, out);
      !scores) {
    return scores.error();
  }
  if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
  if (!events.empty()) {
    const auto ids = engine.AddReviewEvents(events);
    if (!ids) return ids.error();
    if (in.evaluators) events.clear();  // they are taken back together, not by number
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto* const note = std::get_if<ReviewNote>(&events[i].what);
      out.stored.push_back({(*ids)[i], note ? shown_as.at(note->key) : TraceId()});
    }
  }
  const Result<std::vector<ReviewEvent>> after = engine.ReviewEvents();
  if (!after) return after.error();
  const ReviewBook book(*after);
  AddBlindCall(*after, in.notes.empty() ? "" : in.notes.front().trace_id, out.next);
  const Result<std::int64_t> set = SetOutcomes(engine, book, touched);
  if (!set) return set.error();
  out.outcomes_set = *set;
  std::string headline =
      out.stored.size() == 1 ? "1 entry stored" : Cat(out.stored.size(), " entries stored");
  if (!out.refused.empty()) headline += Cat(", ", out.refused.size(), " refused: send these again");
  out.headline = headline + ".";
  if (const Result<void> added = AddState(engine, book, !in.notes.empty(), out); !added)
    return added.error();
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  Draft<NoteRunsOutput> draft(std::move(out), context);
  draft.FitList(&NoteRunsOutput::categories, kLargeAnswerBytes,
                [](Draft<NoteRunsOutput>&, std::size_t) {});
  return draft;
}

}  // namespace

Tool NoteRunsTool() {
  return MakeTool(
      ToolInfo{
          .name = "note_runs",
          .title = "Note what was read",
          .description =
              "Keeps what you found in runs that you read (review_runs): a verdict, whether "
              "findings "
              "of rules are right, and problems, each with a category in your words, its turn and "
              "an "
              "exact quote, which is checked: one that is not in the run is refused with the "
              "nearest "
              "text. Counts categories: their share from random draws with its 95 % interval, and "
              "how likely the next run shows a new one. Categories can be merged, renamed, split; "
              "all can be undone by number. A verdict is the outcome of a run that has none. "
              "Without "
              "arguments: what was noted.",
          .annotations = {.read_only = false},
          .search_hint = "error analysis open coding categories taxonomy annotate verdict",
      },
      &NoteRuns);
}

}  // namespace halo
