// SPDX-License-Identifier: MIT
#include "engine/trace/clear_failure.h"

namespace halo {

void ClearFailure(SpanFacts& span) {
  span.failed = false;
  span.failure_rule = FailureRule::kNone;
  span.transport = Transport::kNone;
  span.error_type = span.error_signature = 0;
  span.error_quote = {};
  if (span.outcome_rule == OutcomeRule::kRootStatus) {
    span.outcome = Outcome::kUnknown;
    span.outcome_rule = OutcomeRule::kNone;
  }
}

}  // namespace halo
