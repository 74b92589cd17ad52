// SPDX-License-Identifier: MIT
// How far two readings of the same runs agree beyond chance. Pure functions; any thread.
#pragma once

#include <cstdint>

#include "engine/analysis/statistics.h"

namespace halo {

// Runs that two readings both call bad, that only one calls bad, and that neither does.
struct ReadTwice {
  std::int64_t both = 0, one = 0, neither = 0;

  std::int64_t runs() const { return both + one + neither; }
};

// Intraclass kappa: 1 - one / (2 n p (1 - p)), where p is the share of bad verdicts over both
// readings (Scott 1955; Bloch and Kraemer, Biometrics 45, 1989). Its 95 % interval is that of the
// goodness-of-fit test (Donner and Eliasziw, Statistics in Medicine 11, 1992), which holds its
// coverage from about 20 runs on; with fewer, or if all verdicts are alike, kappa says nothing.
struct Kappa {
  bool known = false;
  double value = 0, low = -1, high = 1;
};
inline constexpr std::int64_t kFewestReadTwice = 20;
Kappa IntraclassKappa(const ReadTwice& readings);

}  // namespace halo
