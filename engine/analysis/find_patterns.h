// SPDX-License-Identifier: MIT
// From notes to all runs: what runs that show a category do or show, and others do not. Pure
// functions; any thread.
//
// A pattern is one mark or two joined: a behaviour, or a failure mode that a detector found. The
// one is chosen that separates the noted runs best: the largest F1 (the harmonic mean of precision
// and recall), ties to the shorter. Since a search among many marks finds something in noise as
// well, precision and recall are measured by cross-validation (Stone, JRSS B 36, 1974): the notes
// are dealt into five parts, alike in both kinds of runs, the pattern is chosen anew without each
// part and tried on it, and what it says of all parts counts together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/statistics.h"
#include "engine/model/mode_id.h"
#include "engine/model/trace_summary.h"

namespace halo {

inline constexpr std::size_t kFewestWith = 5, kFewestWithout = 10;

struct Pattern {
  std::vector<std::string> behaviours;  // BehaviourText
  ModeId mode = 0;                      // 0: none

  bool operator==(const Pattern&) const = default;
};

// Whether the run shows all marks of the pattern.
bool Matches(const Pattern& pattern, const TraceSummary& summary);

struct FoundPattern {
  Pattern pattern;
  std::int64_t with = 0, without = 0;          // noted runs that match, with the category or not
  std::int64_t hits = 0, said = 0, shown = 0;  // by cross-validation: right, said to, with it
  ShareInterval precision, recall;             // hits of said, hits of shown; 95 %
};

// A run and whether it was noted with the category.
struct LabelledSummary {
  const TraceSummary* summary = nullptr;
  bool has = false;
};

// The best first, at most `most`; none that match different sets of noted runs alike. Empty if
// fewer than kFewestWith runs have the category or fewer than kFewestWithout do not, or if nothing
// separates them at all: the interval of the precision must lie above the share of the category
// among the noted runs. The cross-validation is of the whole search; the same for all patterns.
std::vector<FoundPattern> FindPatterns(std::span<const LabelledSummary> runs, std::size_t most);

}  // namespace halo
