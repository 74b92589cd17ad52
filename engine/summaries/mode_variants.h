// SPDX-License-Identifier: MIT
// Which failure modes are variants of one defect. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/trace_summary.h"
#include "engine/text/error_shape.h"

namespace halo {

// A mode in the form in which modes are compared. Computed once for each distinct mode.
struct ModeFace {
  ModeId id = 0;
  // Modes with different keys are different defects: detector, place in the harness, and what is
  // fixed in the signature. Empty: the mode has no variants.
  //   arguments that do not fit  the tool, the function that refused them, and how they differ;
  //                              any detector, any agent
  //   errors of a tool           detector, tool, span name; any agent
  //   errors of a transport      the same, since a rate limit or an outage hits every agent
  //   other errors               the same, and the agent
  std::string key;
  bool same_key_suffices = false;  // whether equal keys make variants whatever the words
  std::string signature;           // decides the order in which modes are compared
  ErrorShape shape;
};
ModeFace FaceOf(ModeId id, std::uint8_t detector, SignatureKind kind, std::string_view agent,
                std::string_view tool, std::string_view span_name, std::string_view signature,
                std::string_view tag);

// The number of the defect of each mode, from 0. Does not depend on the order of the modes.
std::vector<std::uint32_t> GroupVariants(std::span<const ModeFace* const> modes);

}  // namespace halo
