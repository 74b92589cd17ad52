// SPDX-License-Identifier: MIT
// What separates the runs that readers noted with a category from the others, as an answer shows
// it. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/analysis/find_patterns.h"
#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/category_pattern.h"

namespace halo {

struct CategoryPatternSearch {
  wire::CategoryPatterns report;
  std::optional<Pattern> best;
  std::vector<Prose> notes;  // why there is none, or how to confirm and keep it
};

// Among the noted runs of the question. Failure modes are entries that hold there.
Result<CategoryPatternSearch> SearchPatterns(Engine& engine, const ReviewBook& book,
                                             const Category& category, const Question& question);

// Adds the call that looks for a pattern of the most frequent category with enough notes, if any.
void AddPatternCall(const ReviewBook& book, std::vector<Words>& calls);

// Narrows the question to runs that match.
void SelectPattern(const Pattern& pattern, Question& question);

}  // namespace halo
