// SPDX-License-Identifier: MIT
#include "engine/analysis/review_book.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/analysis/finite_share.h"
#include "engine/base/ascii.h"

namespace halo {
namespace {

// An undo of an undo lets the first event count again.
std::set<std::int64_t> UndoneEvents(std::span<const ReviewEvent> events) {
  std::set<std::int64_t> undone;
  for (std::size_t i = events.size(); i-- > 0;) {
    const auto* const undo = std::get_if<ReviewUndo>(&events[i].what);
    if (undo && !undone.contains(events[i].id)) undone.insert(undo->event);
  }
  return undone;
}

ModeId IdOfName(std::string_view name) {
  return MakeModeId(kReviewedDetector, {}, CategoryKey(name));
}

// A draw cannot: its runs were sent. Nor can a blind reading: its sides were told.
bool CanBeUndone(const ReviewEvent& event) {
  return !std::holds_alternative<ReviewDraw>(event.what) &&
         !std::holds_alternative<BlindReading>(event.what) &&
         !std::holds_alternative<BlindEnd>(event.what);
}

void Count(const BookNote& a, const BookNote& b, ReadTwice& out) {
  if (a.note.verdict == ReadVerdict::kUnsure || b.note.verdict == ReadVerdict::kUnsure) return;
  const int bad = (a.note.verdict == ReadVerdict::kBad) + (b.note.verdict == ReadVerdict::kBad);
  ++(bad == 2 ? out.both : bad == 1 ? out.one : out.neither);
}

}  // namespace

Prose ReviewedTitle(std::string_view name) { return Say("Noted by readers: ", TraceName(name)); }

std::string CategoryKey(std::string_view name) {
  std::string out;
  for (const char c : ascii::Trim(name)) {
    if (ascii::IsSpace(c)) {
      if (!out.ends_with(' ')) out.push_back(' ');
    } else {
      out.push_back(ascii::Lower(c));
    }
  }
  return out;
}

bool NearlyEqual(const RunSketch& a, const RunSketch& b) {
  std::size_t equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) equal += a[i] == b[i] && a[i] != 0;
  return equal * 10 >= a.size() * 9;
}

ReviewBook::ReviewBook(std::span<const ReviewEvent> events) {
  const std::set<std::int64_t> undone = UndoneEvents(events);
  for (const ReviewEvent& event : events) {
    last_event_ = std::max(last_event_, event.id);
    if (CanBeUndone(event)) undoable_.insert(event.id);
    if (undone.contains(event.id)) {
      undoable_.erase(event.id);
    } else {
      Apply(event);
    }
  }
}

void ReviewBook::Apply(const ReviewEvent& event) {
  if (const auto* const draw = std::get_if<ReviewDraw>(&event.what)) Add(event, *draw);
  if (const auto* const note = std::get_if<ReviewNote>(&event.what)) Add(event, *note);
  if (const auto* const edit = std::get_if<CategoryEdit>(&event.what)) Add(*edit);
}

void ReviewBook::Add(const ReviewEvent& event, const ReviewDraw& draw) {
  std::vector<TraceKey>& shown = examples_of_[event.who];
  shown.insert(shown.end(), draw.examples.begin(), draw.examples.end());
  examples_.insert(draw.examples.begin(), draw.examples.end());
  if (draw.runs.empty()) return;
  ReviewState& review = reviews_[draw.review];
  for (const DrawnRun& run : draw.runs) {
    if (run.again) {
      review.twice.insert(run.key);
      due_again_[run.key] = true;
      review.sent.push_back({run, event.who, draw.way});
      continue;
    }
    const bool is_new = review.drawn.insert(run.key).second;
    const bool was_random =
        std::find(review.random.begin(), review.random.end(), run.key) != review.random.end();
    if (draw.way == DrawWay::kRandom && !was_random) review.random.push_back(run.key);
    if (is_new && !run.noted) review.sent.push_back({run, event.who, draw.way});
  }
  review.settled = draw.population;
  if (draw.way == DrawWay::kRandom) review.population = draw.population;
  review.texts.insert(review.texts.end(), draw.sent.begin(), draw.sent.end());
}

void ReviewBook::Add(const ReviewEvent& event, const ReviewNote& note) {
  BookNote added{event.id, event.who, event.at_ns, note, {}, false};
  for (const Problem& problem : note.problems) {
    added.categories.push_back(NamedCategory(problem.category));
  }
  readers_.insert(event.who);
  std::vector<BookNote>& notes = notes_[note.key].notes;
  const auto of_reader = std::find_if(notes.rbegin(), notes.rend(),
                                      [&](const BookNote& one) { return one.who == event.who; });
  for (auto& [name, review] : reviews_) {
    for (SentRun& sent : review.sent) {
      if (sent.run.key == note.key && sent.who == event.who) sent.open = false;
    }
  }
  bool& due = due_again_[note.key];
  if (of_reader == notes.rend()) {
    notes.push_back(std::move(added));
  } else if (due || of_reader->note.blind != note.blind) {
    added.again = true;
    notes.push_back(std::move(added));
  } else {
    added.again = of_reader->again;
    *of_reader = std::move(added);
  }
  due = false;
  std::stable_partition(notes.begin(), notes.end(),
                        [](const BookNote& one) { return one.who != kEvaluatorsReader; });
}

ModeId ReviewBook::NamedCategory(std::string_view name) {
  const std::string key = CategoryKey(name);
  const auto [found, is_new] = by_name_.emplace(key, 0);
  if (is_new) {
    found->second = IdOfName(key);
    categories_.push_back({found->second, std::string(name), {std::string(name)}});
  }
  return found->second;
}

void ReviewBook::Add(const CategoryEdit& edit) {
  if (edit.from.empty()) return;
  if (edit.kind == CategoryEdit::Kind::kSplit) {
    const ModeId from = NamedCategory(edit.from.front()), to = NamedCategory(edit.to);
    for (const TraceKey& run : edit.runs) {
      const auto found = notes_.find(run);
      if (found == notes_.end()) continue;
      for (BookNote& note : found->second.notes) {
        std::replace(note.categories.begin(), note.categories.end(), from, to);
      }
    }
    return;
  }
  // A new name is one more name; a merge moves all names and problems.
  if (edit.kind == CategoryEdit::Kind::kRename) {
    const ModeId id = NamedCategory(edit.from.front());
    by_name_[CategoryKey(edit.to)] = id;
    for (Category& category : categories_) {
      if (category.id != id) continue;
      category.name = edit.to;
      category.names.push_back(edit.to);
    }
    return;
  }
  const ModeId to = NamedCategory(edit.to);
  for (const std::string& name : edit.from) {
    const ModeId from = NamedCategory(name);
    if (from == to) continue;
    const auto gone = std::find_if(categories_.begin(), categories_.end(),
                                   [&](const Category& one) { return one.id == from; });
    const auto kept = std::find_if(categories_.begin(), categories_.end(),
                                   [&](const Category& one) { return one.id == to; });
    kept->names.insert(kept->names.end(), gone->names.begin(), gone->names.end());
    for (auto& [key, id] : by_name_) {
      if (id == from) id = to;
    }
    categories_.erase(gone);
    for (auto& [key, run] : notes_) {
      for (BookNote& note : run.notes) {
        std::replace(note.categories.begin(), note.categories.end(), from, to);
      }
    }
  }
}

const std::vector<TraceKey>& ReviewBook::ExamplesOf(std::string_view who) const {
  static const std::vector<TraceKey> kNone;
  const auto found = examples_of_.find(who);
  return found == examples_of_.end() ? kNone : found->second;
}

const RunNotes* ReviewBook::NotesOf(const TraceKey& run) const {
  const auto found = notes_.find(run);
  return found == notes_.end() ? nullptr : &found->second;
}

const Category* ReviewBook::FindCategory(ModeId id) const {
  for (const Category& category : categories_) {
    for (const std::string& name : category.names) {
      if (IdOfName(name) == id) return &category;
    }
  }
  return nullptr;
}

const Category* ReviewBook::FindCategory(std::string_view name) const {
  if (const auto found = by_name_.find(CategoryKey(name)); found != by_name_.end()) {
    return FindCategory(found->second);
  }
  const ModeId id = ParseModeId(ascii::Trim(name));
  return id == 0 ? nullptr : FindCategory(id);
}

const ReviewState* ReviewBook::FindReview(std::string_view review) const {
  const auto found = reviews_.find(review);
  return found == reviews_.end() ? nullptr : &found->second;
}

std::vector<TraceKey> ReviewBook::RunsWith(ModeId category) const {
  std::vector<TraceKey> out;
  for (const auto& [key, run] : notes_) {
    const std::vector<ModeId>& shown = run.counting()->categories;
    if (std::find(shown.begin(), shown.end(), category) != shown.end()) out.push_back(key);
  }
  return out;
}

ReviewShare ReviewBook::ShareOf(const ReviewState& review, ModeId category) const {
  ReviewShare out;
  out.population = review.population;
  for (const TraceKey& key : review.random) {
    const RunNotes* const run = NotesOf(key);
    if (!run) continue;
    const BookNote& note = *run->counting();
    if (category == 0 && note.note.verdict == ReadVerdict::kUnsure) continue;
    ++out.read;
    out.hits += category == 0 ? note.note.verdict == ReadVerdict::kBad
                              : std::find(note.categories.begin(), note.categories.end(),
                                          category) != note.categories.end();
  }
  out.interval = FiniteShareInterval(out.hits, out.read, out.population);
  return out;
}

NewCategoryChance ReviewBook::ChanceOfNew(const ReviewState& review) const {
  std::vector<std::vector<std::uint64_t>> runs;
  for (const TraceKey& key : review.random) {
    const RunNotes* const run = NotesOf(key);
    if (!run) continue;
    const std::vector<ModeId>& shown = run->counting()->categories;
    runs.emplace_back(shown.begin(), shown.end());
  }
  return ChanceOfNewCategory(runs);
}

ReadTwice ReviewBook::SameReader() const {
  ReadTwice out;
  for (const auto& [key, run] : notes_) {
    for (const BookNote& second : run.notes) {
      if (!second.again) continue;
      for (const BookNote& first : run.notes) {
        if (first.who == second.who && !first.again) Count(first, second, out);
      }
    }
  }
  return out;
}

ReadTwice ReviewBook::OtherReaders() const {
  ReadTwice out;
  for (const auto& [key, run] : notes_) {
    const BookNote& first = *run.counting();
    for (const BookNote& other : run.notes) {
      const bool counts = other.who != first.who && other.who != kEvaluatorsReader;
      if (counts && !other.again) Count(first, other, out);
    }
  }
  return out;
}

Result<void> ReviewBook::CheckUndo(std::int64_t event) const {
  if (undoable_.contains(event)) return {};
  return Error{Code::kNotFound, "no note or change of categories that counts has the number " +
                                    std::to_string(event) +
                                    "; note_runs says the number of each that it stores"};
}

}  // namespace halo
