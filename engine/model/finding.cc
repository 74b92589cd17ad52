// SPDX-License-Identifier: MIT
#include "engine/model/finding.h"

namespace halo {

std::string_view EvidenceRoleName(EvidenceRole role) {
  switch (role) {
    case EvidenceRole::kAsked:
      return "asked";
    case EvidenceRole::kArguments:
      return "arguments";
    case EvidenceRole::kSchema:
      return "schema";
    case EvidenceRole::kFailed:
      return "failed";
    case EvidenceRole::kResult:
      return "result";
    case EvidenceRole::kSeen:
      return "seen";
    case EvidenceRole::kRepeated:
      return "repeated";
    case EvidenceRole::kAnswer:
      return "answer";
  }
  return "";
}

std::string_view ConfidenceName(Confidence confidence) {
  switch (confidence) {
    case Confidence::kProven:
      return "proven";
    case Confidence::kLikely:
      return "likely";
    case Confidence::kCandidate:
      return "candidate";
  }
  return "";
}

}  // namespace halo
