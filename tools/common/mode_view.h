// SPDX-License-Identifier: MIT
// Which of the ranked failure modes an answer shows, and how many it leaves out for which reason.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"

namespace halo {

struct ModeView {
  Confidence least = Confidence::kLikely;  // the least sure class that is shown
  bool one_offs = false;
  std::optional<wire::Status> status;   // absent: open ones
  std::optional<std::string> detector;  // absent: any
  std::optional<ModeId> only;           // shown whatever its class, generality and status
};

struct ModesInView {
  std::vector<const RankedMode*> modes;  // in the order of the ranking, whose members they are
  // Modes that are left out, each counted once, under the first that holds: not open, not sure
  // enough, a one-off.
  std::int64_t triaged = 0, candidates = 0, one_offs = 0;
};

ModesInView ViewModes(const ModeRanking& ranking, const ModeView& view);

}  // namespace halo
