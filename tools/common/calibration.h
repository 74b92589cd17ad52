// SPDX-License-Identifier: MIT
// What people and evaluators decided about runs, beside what readers say of them. Any thread.
#pragma once

#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/review.h"

namespace halo {

// Whether a person gave the label, and not an agent, a reader of the book, or a verdict.
bool IsByPerson(const ReviewBook& book, const Label& label);

// Verdicts of readers against the outcomes of the same runs that something else decided: the labels
// of people, without the runs that readers were shown as examples; evaluators; and whatever else
// recorded them. Only those with a run in common, in this order.
Result<std::vector<wire::OutcomeAgreement>> AgreementWithOutcomes(Engine& engine,
                                                                  const ReviewBook& book);

// How far the shares are those of the runs' owner. Stands beside every share.
Prose AgreementSentence(const std::vector<wire::OutcomeAgreement>& agreements);
// The same for an answer; empty where nothing was noted, or the store cannot be read.
Prose AgreementSentence(Engine& engine);

// Whether people call less than half of the runs failed that readers call bad, of enough runs: then
// what readers saw is a candidate, like the findings of a rule that is wrong as often.
bool PeopleDoubtReaders(const std::vector<wire::OutcomeAgreement>& agreements);

}  // namespace halo
