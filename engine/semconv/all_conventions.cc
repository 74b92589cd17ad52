// SPDX-License-Identifier: MIT
#include "engine/semconv/convention.h"

namespace halo {

extern const Convention kOpenInference;
extern const Convention kHaloInference;
extern const Convention kOtelGenAi;
extern const Convention kOtherUsage;
extern const Convention kCommon;

std::span<const Convention* const> AllConventions() {
  static constexpr const Convention* kAll[] = {
      &kOpenInference, &kHaloInference, &kOtelGenAi, &kOtherUsage, &kCommon,
  };
  return kAll;
}

}  // namespace halo
