// SPDX-License-Identifier: MIT
// What a coding agent should know before it touches a harness for a failure of a kind: one entry a
// detector. Any thread.
#pragma once

#include <string_view>

namespace halo {

struct Advice {
  std::string_view detector;
  std::string_view means;    // what happened, in a clause that follows "Runs with it ..."
  std::string_view look_at;  // which part of a harness decides it
  std::string_view change;   // what usually cures the cause
  std::string_view avoid;    // what only hides it
};

// The general entry for a detector that has none of its own.
const Advice& AdviceFor(std::string_view detector);

}  // namespace halo
