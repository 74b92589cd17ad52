// SPDX-License-Identifier: MIT
// Blind readings: what was drawn, what readers noted of it, and, once it is done, how the two sides
// differ. Made from the events of reviews; immutable afterwards, so any thread may read it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/newcombe.h"
#include "engine/analysis/review_book.h"

namespace halo {

// One reading. Its runs have numbers from 1, in the order in which they are read.
struct BlindState {
  BlindReading reading;
  std::int64_t begun = 0, ended = 0;  // events; ended 0: the sides are not told yet
  // Along reading.runs: the note that counts, of the first reader that noted the run in this
  // reading; null: none.
  std::vector<const BookNote*> notes;

  std::int64_t Read() const;
  bool IsDone() const { return ended != 0 || Read() == static_cast<std::int64_t>(notes.size()); }
};

// Runs of one side that were read, and those of them that are bad, or show a category.
struct BlindCounts {
  std::array<ShareTrials, 2> sides;

  // The share of the second side less that of the first.
  DifferenceInterval Difference() const { return NewcombeInterval(sides[1], sides[0]); }
};

class BlindBook {
 public:
  // `book` is of the same events and must outlive this.
  BlindBook(std::span<const ReviewEvent> events, const ReviewBook& book);

  // Oldest first.
  const std::vector<BlindState>& readings() const { return readings_; }
  const BlindState* Find(std::string_view name) const;
  std::vector<const BlindState*> OfFix(std::string_view fix) const;

  // With category 0: the runs that were called bad. Runs of unsure verdict count as read.
  static BlindCounts Count(const BlindState& state, ModeId category);
  // Categories that a run of the reading shows, in the order of the book.
  std::vector<const Category*> Categories(const BlindState& state) const;

 private:
  const ReviewBook& book_;
  std::vector<BlindState> readings_;
};

// The id under which a reader knows a run: the name of the reading, "_" and the number of the run.
std::string BlindRunId(std::string_view reading, std::size_t number);
struct BlindRunRef {
  std::string_view reading;
  std::size_t number = 0;  // from 1
};
std::optional<BlindRunRef> ParseBlindRunId(std::string_view id);

}  // namespace halo
