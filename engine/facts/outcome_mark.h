// SPDX-License-Identifier: MIT
// The statement of one span about the outcome of its run. Pure functions; any thread.
#pragma once

#include "engine/model/config.h"
#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"

namespace halo {

struct OutcomeVerdict {
  Outcome outcome = Outcome::kUnknown;
  OutcomeRule rule = OutcomeRule::kNone;
};

// The strongest of:
//   attribute    a configured key, on any span; else a known one (success, outcome, reward, ...) on
//                a root, an agent or an evaluator
//   evaluator    the score or label of an EVALUATOR span, or an evaluation, score or annotation on
//                any span (SpanFields::evaluations). It decides if its label says pass, fail,
//                correct or incorrect, if it is a boolean, if its name means success and it is 0 or
//                1, or if halo.toml has a rule for its name
//   root_status  of a root that ended: ERROR (or an exception) is a failure, OK a success; UNSET is
//                ignored
// A word or number that no rule recognises is ignored.
OutcomeVerdict JudgeOutcome(const Span& span, const SpanFields& fields, FailureRule failure,
                            const OutcomeConfig& config);

// What one evaluation says of the run; kUnknown if it does not decide.
Outcome OutcomeOfEvaluation(const Evaluation& evaluation, const OutcomeConfig& config);

// The outcome that a value states: a boolean, a word, or 0 or 1 under a key that means a score.
Outcome OutcomeOf(std::string_view key, const Value& value);

}  // namespace halo
