// SPDX-License-Identifier: MIT
// Verdicts of readers as outcomes of runs. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"

namespace halo {

// The reason of labels that come from verdicts.
inline constexpr std::string_view kVerdictReason = "verdict of a reader (note_runs)";

// Labels those of the runs that have no outcome, or one by an earlier verdict, with the verdict
// that counts now; takes the label back where none does. Returns how many were labelled.
Result<std::int64_t> SetOutcomes(Engine& engine, const ReviewBook& book,
                                 std::span<const TraceKey> runs);

}  // namespace halo
