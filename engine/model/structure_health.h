// SPDX-License-Identifier: MIT
// What is wrong with the structure of a trace.
#pragma once

#include <cstdint>

namespace halo {

// How far the emitter can be trusted; detectors.md D35.
struct StructureHealth {
  std::int32_t missing_parents = 0;
  std::int32_t cyclic_parents = 0;
  std::int32_t end_before_start = 0;
  std::int32_t outside_parent = 0;
  std::int32_t duplicate_ids = 0;  // same id, different content
  std::int32_t llm_without_model = 0;
  std::int32_t llm_without_tokens = 0;
  std::int32_t interrupts = 0;  // see control_flow.h; not kept in summaries
};

}  // namespace halo
