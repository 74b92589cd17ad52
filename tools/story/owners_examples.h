// SPDX-License-Identifier: MIT
// Runs that people labelled, as examples of what their owner calls a failure. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/review.h"

namespace halo {

// Runs of the question that people labelled, those with a reason first: half of them failed, if
// there are as many; at most `most`, and at most half of all, so that agreement can be measured on
// the others.
Result<std::vector<TraceKey>> ChooseExamples(Engine& engine, const ReviewBook& book,
                                             const Question& question, std::size_t most);

// Those of the runs that still have a label, each with its turns in short.
Result<std::vector<wire::OwnersExample>> ShowExamples(Engine& engine,
                                                      std::span<const TraceKey> runs);

}  // namespace halo
