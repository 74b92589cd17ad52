// SPDX-License-Identifier: MIT
#include "engine/model/call_role.h"

#include <array>
#include <cstddef>

namespace halo {

std::string_view CallRoleName(CallRole role) {
  constexpr std::array<std::string_view, 6> kNames = {"",      "planning", "step",
                                                      "final", "summary",  "inner"};
  static_assert(kNames.size() == static_cast<std::size_t>(kLastCallRole) + 1);
  return kNames[static_cast<std::size_t>(role)];
}

}  // namespace halo
