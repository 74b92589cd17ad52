// SPDX-License-Identifier: MIT
#include "engine/semconv/convention.h"

namespace halo {

extern const Convention kHaloExport;
extern const Convention kLangfuse;
extern const Convention kOpenInference;
extern const Convention kHaloInference;
extern const Convention kOtelGenAi;
extern const Convention kTraceloop;
extern const Convention kLangSmith;
extern const Convention kVercelAi;
extern const Convention kMastra;
extern const Convention kGoogleAdk;
extern const Convention kStrands;
extern const Convention kGenkit;
extern const Convention kClaudeCode;
extern const Convention kCodex;
extern const Convention kVoltAgent;
extern const Convention kMonocle;
extern const Convention kPydanticAi;
extern const Convention kMlflow;
extern const Convention kAgentOps;
extern const Convention kHaystack;
extern const Convention kOtherUsage;
extern const Convention kCommon;

std::span<const Convention* const> AllConventions() {
  static constexpr const Convention* kAll[] = {
      &kHaloExport, &kLangfuse, &kOpenInference, &kHaloInference, &kOtelGenAi,  &kTraceloop,
      &kLangSmith,  &kVercelAi, &kMastra,        &kGoogleAdk,     &kStrands,    &kGenkit,
      &kClaudeCode, &kCodex,    &kVoltAgent,     &kMonocle,       &kPydanticAi, &kMlflow,
      &kAgentOps,   &kHaystack, &kOtherUsage,    &kCommon,
  };
  return kAll;
}

}  // namespace halo
