// SPDX-License-Identifier: MIT
// Counts of structural defects in a trace.
#pragma once

#include <cstdint>

namespace halo {

// Shows how far the emitter can be trusted.
struct StructureHealth {
  std::int32_t missing_parents = 0;
  std::int32_t cyclic_parents = 0;
  std::int32_t end_before_start = 0;
  std::int32_t outside_parent = 0;
  std::int32_t duplicate_ids = 0;  // same id, different content
  std::int32_t llm_without_model = 0;
  std::int32_t llm_without_tokens = 0;
  std::int32_t interrupts = 0;  // see control_flow.h; not stored in summaries
};

}  // namespace halo
