// SPDX-License-Identifier: MIT
// What a run did that can be compared between runs: a tool, a pair of tools, a repeat, a length, an
// ending. Kept with the summary of a trace as a short text. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halo {

// Values are stored as letters (behaviour.cc): append only.
enum class BehaviourKind : std::uint8_t {
  kCalls,         // calls tool `a`
  kCallsOften,    // calls tool `a` at least `n` times
  kNoCalls,       // calls no tool
  kThen,          // calls tool `b` next after tool `a`
  kFirst,         // its first call is of tool `a`
  kLast,          // its last call is of tool `a`
  kAgent,         // agent `a` runs
  kHandOff,       // agent `a` hands over to agent `b`
  kTurns,         // at least `n` model calls
  kRepeats,       // calls tool `a` at least `n` times with the same arguments
  kFails,         // at least `n` calls of tool `a` fail
  kFinish,        // a model call finishes as `a`
  kLastFinish,    // the last model call finishes as `a`
  kLimit,         // hits limit `a`
  kDuration,      // takes at least `n` seconds
  kTokens,        // uses at least `n` tokens
  kPromptTokens,  // a model call reads at least `n` tokens
  kResultBytes,   // tool `a` returns at least `n` bytes at once
  kPrompt,        // agent `a` has the system prompt with hash `b`
  kTools,         // agent `a` is offered the tools with hash `b`
  kCorrected,     // at least `n` messages of a user correct an answer
  kApologises,    // an answer apologises
  kCannot,        // an answer says that something cannot be done
};
inline constexpr std::size_t kBehaviourKinds = 23;

struct Behaviour {
  BehaviourKind kind = BehaviourKind::kCalls;
  std::string a{}, b{};
  std::int64_t n = 0;

  bool operator==(const Behaviour&) const = default;

  // How many things a reader has to keep in mind.
  int Length() const { return 1 + (n > 1) + !b.empty(); }
  // Whether it says how long the run was, which other behaviours are compared within.
  bool IsLength() const {
    return kind == BehaviourKind::kTurns || kind == BehaviourKind::kDuration ||
           kind == BehaviourKind::kTokens;
  }
  // Whether it describes the harness and not what the run did.
  bool IsSetup() const { return kind == BehaviourKind::kPrompt || kind == BehaviourKind::kTools; }
};

// The stored form.
std::string BehaviourText(BehaviourKind kind, std::int64_t n = 0, std::string_view a = {},
                          std::string_view b = {});
std::optional<Behaviour> ParseBehaviour(std::string_view text);

}  // namespace halo
