// SPDX-License-Identifier: MIT
// What people decided about runs, beside what readers say of them. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/review.h"

namespace halo {

// Runs of the question that a person labelled with a reason, as examples of what its owner calls a
// failure: half of them failed, if there are as many. Verdicts of readers are no labels of people.
Result<std::vector<wire::OwnersExample>> OwnersExamples(Engine& engine, const Question& question,
                                                        std::size_t most);

// Verdicts of readers against the outcomes of the same runs that something else decided: a label of
// a person, the run itself, an evaluator. nullopt if no noted run has one.
Result<std::optional<wire::OutcomeAgreement>> AgreementWithOutcomes(Engine& engine,
                                                                    const ReviewBook& book);

}  // namespace halo
