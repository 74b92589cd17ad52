// SPDX-License-Identifier: MIT
// What a model call is for in its run. Values are stored: append only.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

enum class CallRole : std::uint8_t {
  kNone,      // no model call, or one that only wraps others
  kPlanning,  // says what to do, and does none of it
  kStep,      // asks for actions, or leads to a further call
  kFinal,     // its answer goes to whoever asked
  kSummary,   // shortens what was said, so that it fits
  kInner,     // made by a tool, or by another model call, for itself
};
inline constexpr CallRole kLastCallRole = CallRole::kInner;
std::string_view CallRoleName(CallRole role);  // "planning", ...; "" for kNone

}  // namespace halo
