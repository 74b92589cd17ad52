// SPDX-License-Identifier: MIT
// The unit of counting: what counts as one run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halo {

enum class Unit : std::uint8_t {
  kAuto,     // what the traces say (summaries/find_units.h); in an answer: they differ
  kTrace,    // each trace
  kTurn,     // each trace with an agent, or with a call of a model or tool
  kSession,  // the traces of a session; each trace without a session id is a run of its own
};

// The unit of each project.
struct UnitRule {
  Unit Of(std::string_view project) const {
    for (const auto& [name, own] : projects) {
      if (name == project) return own;
    }
    return unit;
  }

  Unit unit = Unit::kAuto;                             // of all others
  std::vector<std::pair<std::string, Unit>> projects;  // sorted by name

  bool operator==(const UnitRule&) const = default;
};

}  // namespace halo
