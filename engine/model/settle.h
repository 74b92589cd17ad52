// SPDX-License-Identifier: MIT
// When a run counts: open, settled or abandoned.
#pragma once

#include <cstdint>

namespace halo {

// An SDK exports every 5 s: three exports without a span of it are the end of an ended trace.
inline constexpr std::int64_t kSettleNs = 15'000'000'000;

// When a run counts; [settle] of halo.toml. A trace has settled when its root has ended and nothing
// came for `quiet_ns`, or when no root has ended and nothing came for `abandoned_ns` (it is
// abandoned then), or when its import reached its end. A session has settled when its traces have
// and `session_ns` passed. A late span opens them again.
struct SettleRule {
  std::int64_t quiet_ns = kSettleNs;
  std::int64_t abandoned_ns = 900'000'000'000;
  std::int64_t session_ns = 900'000'000'000;

  bool operator==(const SettleRule&) const = default;
};

enum class RunState : std::uint8_t { kOpen, kSettled, kAbandoned };

// Of a trace whose last span came at `arrived_ns`.
inline RunState StateOf(bool root_ended, bool import_complete, std::int64_t arrived_ns,
                        std::int64_t now_ns, const SettleRule& rule) {
  if (import_complete) return RunState::kSettled;
  const std::int64_t quiet_ns = now_ns - arrived_ns;
  if (root_ended) return quiet_ns >= rule.quiet_ns ? RunState::kSettled : RunState::kOpen;
  return quiet_ns >= rule.abandoned_ns ? RunState::kAbandoned : RunState::kOpen;
}

}  // namespace halo
