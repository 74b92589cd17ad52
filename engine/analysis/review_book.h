// SPDX-License-Identifier: MIT
// What holds in reviews after all their events: which runs were drawn and read, what readers noted,
// and the categories of their problems. Made from the list of events; immutable afterwards, so any
// thread may read it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/agreement.h"
#include "engine/analysis/new_category.h"
#include "engine/analysis/statistics.h"
#include "engine/base/result.h"
#include "engine/model/mode_id.h"
#include "engine/model/review.h"
#include "schemas/trace_text.h"

namespace halo {

// The detector's name in the ids of reviewed categories.
inline constexpr std::string_view kReviewedDetector = "reviewed";

// The reader of notes that stand for the scores of evaluators. A note of any other reader counts
// before it.
inline constexpr std::string_view kEvaluatorsReader = "evaluators";

// A group of problems. Its id is that of its first name and stays when it is renamed; all its names
// lead to it, also those of categories that were merged into it.
struct Category {
  ModeId id = 0;
  std::string name;
  std::vector<std::string> names;  // all that lead to it, the current one included
};

// A note that counts, with the categories of its problems as they are now.
struct BookNote {
  std::int64_t event = 0;
  std::string who;
  std::int64_t at_ns = 0;
  ReviewNote note;
  std::vector<ModeId> categories;  // of note.problems, in their order
  bool again = false;              // of a run that was drawn a second time
};

// The notes of a run: the first reader's last one counts; the others show agreement. Those of
// evaluators come last.
struct RunNotes {
  std::vector<BookNote> notes;

  const BookNote* counting() const { return notes.empty() ? nullptr : &notes.front(); }
};

struct SentRun {
  DrawnRun run;
  std::string who;  // to this reader
  DrawWay way = DrawWay::kRandom;
  bool open = true;  // the reader has not noted it since
};

// One review: the runs of a filter that were drawn for it.
struct ReviewState {
  std::int64_t population = 0;   // of the last random draw
  std::int64_t settled = 0;      // the same of the last draw in any way
  std::vector<TraceKey> random;  // drawn at random, in this order
  std::set<TraceKey> drawn;      // in any way
  std::vector<SentRun> sent;     // in this order
  std::set<TraceKey> twice;      // drawn again
  std::vector<SentText> texts;   // system prompts and lists of tools that were sent
};

// How often a category occurs among the runs of a review that were drawn at random and read.
struct ReviewShare {
  std::int64_t hits = 0, read = 0, population = 0;
  ShareInterval interval;
};

class ReviewBook {
 public:
  explicit ReviewBook(std::span<const ReviewEvent> events);

  std::int64_t last_event() const { return last_event_; }
  const std::map<TraceKey, RunNotes>& notes() const { return notes_; }
  const RunNotes* NotesOf(const TraceKey& run) const;
  bool IsNoted(const TraceKey& run) const { return NotesOf(run) != nullptr; }
  // Whether the run was drawn again after its last note.
  bool IsDueAgain(const TraceKey& run) const {
    const auto due = due_again_.find(run);
    return due != due_again_.end() && due->second;
  }
  const std::vector<Category>& categories() const { return categories_; }
  const Category* FindCategory(ModeId id) const;
  // By a name of it, or its id; names differ if more than case and white space differs.
  const Category* FindCategory(std::string_view name) const;
  // Null if nothing was drawn in it.
  const ReviewState* FindReview(std::string_view review) const;
  const std::map<std::string, ReviewState, std::less<>>& reviews() const { return reviews_; }

  // Runs labelled by people that were shown to the reader as examples; to any reader.
  const std::vector<TraceKey>& ExamplesOf(std::string_view who) const;
  bool IsExample(const TraceKey& run) const { return examples_.contains(run); }
  bool IsReader(std::string_view who) const { return readers_.contains(who); }

  // Runs whose counting note shows the category.
  std::vector<TraceKey> RunsWith(ModeId category) const;
  // Among random draws; with category 0: the runs that were called bad, among those that were
  // called good or bad.
  ReviewShare ShareOf(const ReviewState& review, ModeId category) const;
  NewCategoryChance ChanceOfNew(const ReviewState& review) const;
  // Verdicts of a reader on runs that he read twice, and of the first readers of runs against the
  // others. Unsure verdicts are left out.
  ReadTwice SameReader() const;
  ReadTwice OtherReaders() const;
  // Whether the event exists, and can be undone.
  Result<void> CheckUndo(std::int64_t event) const;

 private:
  void Apply(const ReviewEvent& event);
  void Add(const ReviewEvent& event, const ReviewDraw& draw);
  void Add(const ReviewEvent& event, const ReviewNote& note);
  void Add(const CategoryEdit& edit);
  ModeId NamedCategory(std::string_view name);

  std::map<TraceKey, RunNotes> notes_;
  std::map<TraceKey, bool> due_again_;  // drawn again after its last note
  std::vector<Category> categories_;
  std::map<std::string, ModeId> by_name_;
  std::map<std::string, ReviewState, std::less<>> reviews_;
  std::map<std::string, std::vector<TraceKey>, std::less<>> examples_of_;  // by reader
  std::set<TraceKey> examples_;
  std::set<std::string, std::less<>> readers_;  // who noted anything
  std::set<std::int64_t> undoable_;
  std::int64_t last_event_ = 0;
};

// A category as an entry in a few words.
Prose ReviewedTitle(std::string_view name);
// Lower case, white space as one space.
std::string CategoryKey(std::string_view name);
// Whether two runs are nearly equal (RunSketch): nine tenths of their words.
bool NearlyEqual(const RunSketch& a, const RunSketch& b);

}  // namespace halo
