// SPDX-License-Identifier: MIT
// When a run is open, settled or abandoned. Only settled and abandoned runs count.
#pragma once

#include <cstdint>

namespace halo {

// SDKs export every 5 s: after three exports without a new span, an ended trace is complete.
inline constexpr std::int64_t kSettleNs = 15'000'000'000;

// [settle] of halo.toml. A trace is settled once its root has ended and nothing has arrived for
// `quiet_ns`, or once its import is complete. It is abandoned once nothing has arrived for
// `abandoned_ns` and no root has ended. A session is settled once all its traces are, where both
// times are at least `session_ns`. A trace that is known from log records only is settled once its
// session has a later one, or nothing has arrived for `log_ns`. A late span reopens traces and
// sessions.
struct SettleRule {
  std::int64_t quiet_ns = kSettleNs;
  std::int64_t abandoned_ns = 900'000'000'000;
  std::int64_t session_ns = 900'000'000'000;
  std::int64_t log_ns = 60'000'000'000;

  bool operator==(const SettleRule&) const = default;
};

enum class RunState : std::uint8_t { kOpen, kSettled, kAbandoned };

// The state of a trace of which only log records are known, whose last record arrived at
// `arrived_ns`: nothing tells its end but the next turn of its session.
inline RunState LogStateOf(bool has_next_turn, bool import_complete, std::int64_t arrived_ns,
                           std::int64_t now_ns, const SettleRule& rule) {
  const bool is_settled = import_complete || has_next_turn || now_ns - arrived_ns >= rule.log_ns;
  return is_settled ? RunState::kSettled : RunState::kOpen;
}

// The state of a trace whose last span arrived at `arrived_ns`.
inline RunState StateOf(bool root_ended, bool import_complete, std::int64_t arrived_ns,
                        std::int64_t now_ns, const SettleRule& rule) {
  if (import_complete) return RunState::kSettled;
  const std::int64_t quiet_ns = now_ns - arrived_ns;
  if (root_ended) return quiet_ns >= rule.quiet_ns ? RunState::kSettled : RunState::kOpen;
  return quiet_ns >= rule.abandoned_ns ? RunState::kAbandoned : RunState::kOpen;
}

}  // namespace halo
