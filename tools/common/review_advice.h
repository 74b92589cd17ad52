// SPDX-License-Identifier: MIT
// Whether runs should be read before anything is fixed. Any thread.
#pragma once

#include <optional>
#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"
#include "schemas/trace_text.h"

namespace halo {

struct ReviewProposal {
  Prose why;
  Words call;  // ready to be made
};

// Where no run has an outcome, or more than a fifth of the failed runs show no failure mode and
// were not read. nullopt elsewhere, and once the random draws of these filters hardly show anything
// new.
std::optional<ReviewProposal> ProposeReview(Engine& engine,
                                            const std::optional<wire::Filters>& filters,
                                            const Question& question, const OverviewStats& totals);

// Puts a proposal before the other notes and calls of an answer.
void PutFirst(std::optional<ReviewProposal> proposal, std::vector<Prose>& notes,
              std::vector<Words>& next);

}  // namespace halo
