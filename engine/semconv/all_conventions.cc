// SPDX-License-Identifier: MIT
#include "engine/semconv/convention.h"

namespace halo {

std::span<const Convention* const> AllConventions() {
  static constexpr const Convention* kAll[] = {
      &kOpenInference, &kHaloInference, &kOtelGenAi, &kOtherUsage, &kCommon,
  };
  return kAll;
}

}  // namespace halo
