// SPDX-License-Identifier: MIT
// What a coding agent should know before it changes a harness because of a failure: one entry per
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

// The entry of the detector, else a general one.
const Advice& AdviceFor(std::string_view detector);

}  // namespace halo
