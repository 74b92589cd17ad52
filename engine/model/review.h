// SPDX-License-Identifier: MIT
// What happens in reviews: runs are drawn for reading, readers note what they found, categories of
// problems are merged, renamed and split. All of it is a list of events that only grows; what holds
// now follows from the list (analysis/review_book.h), and an event can be undone by another one.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/model/finding.h"
#include "engine/model/question.h"

namespace halo {

// How runs are chosen. Only runs that were drawn at random estimate a share.
enum class DrawWay : std::uint8_t { kRandom, kUncovered, kDiverse, kPairs, kEntry };
inline constexpr DrawWay kLastDrawWay = DrawWay::kEntry;

// Minima of hashes of the words of a run (Broder 1997): the share of equal ones estimates how alike
// two runs are.
using RunSketch = std::array<std::uint32_t, 32>;

struct DrawnRun {
  TraceKey key;
  bool again = false;  // was noted before, and is read a second time
  bool noted = false;  // drawn at random although noted before: it counts, and is not sent
  RunSketch sketch{};
};

// A system prompt, or a list of tools, that was sent: the hashes of its lines.
struct SentText {
  bool tools = false;
  TraceKey run;  // with which it was sent
  std::vector<std::uint64_t> lines;
};

struct ReviewDraw {
  std::string review;  // see ReviewId
  DrawWay way = DrawWay::kRandom;
  std::int64_t population = 0;  // settled traces of the review's filter
  std::vector<DrawnRun> runs;
  std::vector<SentText> sent;
  std::vector<TraceKey> examples;  // labelled by people, and shown to the reader as such
};

enum class ReadVerdict : std::uint8_t { kGood, kBad, kUnsure };

// What a reader says is wrong in a run. The quote was found in the stored value.
struct Problem {
  std::string category;   // in the reader's words
  std::int32_t turn = 0;  // as the dossier counts, from 1; 0: not given
  std::string span_id, path, quote;
  std::uint32_t offset = 0;
  Severity severity = Severity::kMedium;
  std::string trace_id{};  // of the span, where a session is the run; empty: that of the note
};

// Whether a finding of the run is right. The mode tells it apart from other findings of the
// detector there, and is the same after another analysis.
struct FindingVerdict {
  ModeId mode = 0;
  std::uint8_t detector = 0;
  bool right = false;

  bool operator==(const FindingVerdict&) const = default;
};

// Replaces the reader's earlier note of the run, unless the run was drawn again meanwhile, or one
// of the two was made in a blind reading.
struct ReviewNote {
  TraceKey key;
  ReadVerdict verdict = ReadVerdict::kUnsure;
  std::string comment;
  std::vector<Problem> problems;
  std::vector<FindingVerdict> findings{};
  std::string blind{};  // the blind reading in which the run was read; empty: none
};

struct CategoryEdit {
  enum class Kind : std::uint8_t { kMerge, kRename, kSplit };
  Kind kind = Kind::kMerge;
  std::vector<std::string> from;  // one, except to merge
  std::string to;
  std::vector<TraceKey> runs;  // to split: the runs whose problems move to the new category
};

struct ReviewUndo {
  std::int64_t event = 0;
};

// Runs of two sides that readers read mixed, without knowing which run is of which side. All of it
// is drawn when the reading begins.
struct BlindReading {
  std::string name;                // "blind_" and 8 hexadecimal digits
  std::string fix;                 // the fix of which the sides are before and after; empty: none
  std::vector<std::string> sides;  // what each is: the filters as JSON, or words
  std::string filters;             // of both sides, as JSON; empty: none
  std::vector<std::int64_t> populations;  // settled runs of each side
  std::uint64_t seed = 1;
  std::vector<TraceKey> runs;         // in the order in which they are read
  std::vector<std::uint8_t> side_of;  // along `runs`
  // Lines of system prompts and lists of tools that only one side has: they are not shown.
  std::vector<std::uint64_t> hidden_lines;
  std::vector<SentText> texts;  // the others, each with the first run that has it
};

// The sides of a blind reading are told; later notes do not count in it.
struct BlindEnd {
  std::string name;
};

struct ReviewEvent {
  std::int64_t id = 0;  // given by the store, growing
  std::string who;
  std::int64_t at_ns = 0;
  std::variant<ReviewDraw, ReviewNote, CategoryEdit, ReviewUndo, BlindReading, BlindEnd> what;
};

}  // namespace halo
