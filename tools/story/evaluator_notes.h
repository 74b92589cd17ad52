// SPDX-License-Identifier: MIT
// Scores of evaluators as notes of runs that nobody has read. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"

namespace halo {

struct EvaluatorNotes {
  std::vector<ReviewEvent> events;  // notes of kEvaluatorsReader
  std::int64_t left = 0;            // runs that would get one, and did not
};

// A note for each settled run of the question whose outcome an evaluation decided and that has no
// note, at most `most`. What failed is a problem of the category "evaluator NAME"; its quote is
// what the evaluator wrote, if that is stored, else the label or score.
Result<EvaluatorNotes> NotesOfEvaluators(Engine& engine, const ReviewBook& book,
                                         const Question& question, std::size_t most,
                                         std::stop_token stop);

// Takes back those that count.
std::vector<ReviewEvent> UndoEvaluators(const ReviewBook& book);

}  // namespace halo
