// SPDX-License-Identifier: MIT
// The user's decision about a failure mode.
#pragma once

#include <cstdint>
#include <string>

#include "engine/model/mode_id.h"

namespace halo {

enum class TriageStatus : std::uint8_t { kOpen, kAccepted, kIgnored };

struct Triage {
  ModeId mode = 0;
  TriageStatus status = TriageStatus::kOpen;
  std::string reason;
  std::int64_t decided_ns = 0;
  std::int64_t expires_ns = 0;  // 0: never
};

}  // namespace halo
