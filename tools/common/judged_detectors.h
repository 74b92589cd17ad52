// SPDX-License-Identifier: MIT
// How often findings of detectors are right, as readers judged them. Any thread.
#pragma once

#include <vector>

#include "engine/engine.h"
#include "schemas/review.h"

namespace halo {

// Adds detectors of which enough findings were judged in the projects of the question, and says of
// which the findings became candidates by that.
void AddJudged(Engine& engine, const Question& question, std::vector<wire::JudgedDetector>& out,
               std::vector<Prose>& notes);

// Why the mode is a candidate if it is one by the judgement of readers; else empty.
Prose WhyDoubted(Engine& engine, const RankedMode& mode);

}  // namespace halo
