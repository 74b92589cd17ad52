// SPDX-License-Identifier: MIT
// How often readers noted what a rule of halo.toml says, on the runs that it matches. Pure
// functions; any thread.
#pragma once

#include <span>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/analysis/statistics.h"
#include "engine/model/finding.h"
#include "engine/model/rule.h"
#include "engine/model/trace_summary.h"

namespace halo {

// With so many noted runs a rule can be called likely.
inline constexpr std::int64_t kFewestJudgedRuns = 10;

struct RulePrecision {
  bool known_category = false;
  std::int64_t judged = 0, right = 0;  // noted runs that it matches; those noted with its category
  ShareInterval interval;              // of right / judged, 95 %

  // Likely if at least kFewestJudgedRuns runs are judged and the lower end is at least one half;
  // else a candidate.
  Confidence confidence() const;
};

// `noted`: the summaries of the runs that were noted. Unsure verdicts are left out.
RulePrecision PrecisionOf(const Rule& rule, const ReviewBook& book,
                          std::span<const TraceSummary> noted);

}  // namespace halo
