// SPDX-License-Identifier: MIT
// Chooses the runs of a blind reading. Runs are traces. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "engine/engine.h"
#include "engine/model/review.h"

namespace halo {

inline constexpr std::size_t kBlindRunsOfSide = 20;

// The settled traces of a question.
Result<std::vector<TraceKey>> SettledTraces(Engine& engine, const Question& question);

// Fills in the runs, their sides and the populations. Of each side kBlindRunsOfSide at random, or
// all if there are fewer, noted before or not: leaving out what was noted would leave out what was
// found. Runs of both sides belong to none; those in `read` are not drawn again. The order in which
// they are read does not depend on the side.
void DrawBlind(std::array<std::vector<TraceKey>, 2> sides, const std::set<TraceKey>& read,
               BlindReading& reading);

}  // namespace halo
