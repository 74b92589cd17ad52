// SPDX-License-Identifier: MIT
#include "engine/model/span_facts.h"

namespace halo {

std::string_view FailureRuleName(FailureRule rule) {
  switch (rule) {
    case FailureRule::kNone:
      return "none";
    case FailureRule::kStatus:
      return "status";
    case FailureRule::kException:
      return "exception";
    case FailureRule::kErrorType:
      return "error_type";
    case FailureRule::kErrorFlag:
      return "error_flag";
    case FailureRule::kResultField:
      return "result_field";
    case FailureRule::kResultText:
      return "result_text";
  }
  return "none";
}

std::string_view TransportName(Transport transport) {
  switch (transport) {
    case Transport::kNone:
      return "";
    case Transport::kRateLimit:
      return "rate_limit";
    case Transport::kAuth:
      return "auth";
    case Transport::kNotFound:
      return "not_found";
    case Transport::kService:
      return "service";
    case Transport::kTimeout:
      return "timeout";
    case Transport::kOutOfMemory:
      return "out_of_memory";
    case Transport::kConnection:
      return "connection";
  }
  return "";
}

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kUnknown:
      return "unknown";
    case Outcome::kSuccess:
      return "success";
    case Outcome::kFailure:
      return "failure";
  }
  return "unknown";
}

std::string_view OutcomeRuleName(OutcomeRule rule) {
  switch (rule) {
    case OutcomeRule::kNone:
      return "none";
    case OutcomeRule::kRootStatus:
      return "root_status";
    case OutcomeRule::kEvaluator:
      return "evaluator";
    case OutcomeRule::kAttribute:
      return "attribute";
    case OutcomeRule::kLabel:
      return "label";
  }
  return "none";
}

}  // namespace halo
