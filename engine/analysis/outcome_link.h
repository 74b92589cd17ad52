// SPDX-License-Identifier: MIT
// How failed and passed runs compare in showing a failure mode. Pure functions; any thread.
#pragma once

#include <cstdint>

#include "engine/model/question.h"

namespace halo {

enum class OutcomeLink : std::uint8_t {
  kUnknown,     // fewer than 5 failed or 5 passed runs, or too few whose outcome is independent of
                // the mode
  kFailedMore,  // failed runs show it more often (CompareShares of effective numbers of runs, see
                // clustered_share.h)
  kUnclear,     // they do by number, which chance can explain
  kAsOften,     // passed runs show it as often or more often
};

// Settled units of known outcome, without those whose outcome the mode's own spans decided.
struct OutcomeCounts {
  std::int64_t failed = 0, passed = 0;            // all
  std::int64_t failed_with = 0, passed_with = 0;  // that show the mode
};
OutcomeCounts OutcomeCountsOf(const ModeStats& mode);

OutcomeLink LinkOf(const ModeStats& mode);

}  // namespace halo
