// SPDX-License-Identifier: MIT
#include "engine/analysis/outcome_link.h"

#include <cmath>

#include "engine/analysis/clustered_share.h"
#include "engine/analysis/statistics.h"

namespace halo {
namespace {

constexpr std::int64_t kFewest = 5;  // of each outcome
// A share of passed runs from here on, relative to that of failed ones, is "as often".
constexpr double kAsOften = 0.9;

}  // namespace

OutcomeCounts OutcomeCountsOf(const ModeStats& mode) {
  OutcomeCounts counts;
  for (const OutcomeTable& table : mode.outcomes) {
    counts.failed += table.mode_failure + table.other_failure;
    counts.passed += table.mode_success + table.other_success;
    counts.failed_with += table.mode_failure;
    counts.passed_with += table.mode_success;
  }
  return counts;
}

OutcomeLink LinkOf(const ModeStats& mode) {
  const OutcomeCounts counts = OutcomeCountsOf(mode);
  if (counts.failed < kFewest || counts.passed < kFewest) return OutcomeLink::kUnknown;
  if (counts.failed_with + counts.passed_with == 0) return OutcomeLink::kUnknown;
  if (mode.decided_units * 2 > mode.units) return OutcomeLink::kUnknown;
  const auto share = [](std::int64_t part, std::int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  const double in_failed = share(counts.failed_with, counts.failed);
  const double in_passed = share(counts.passed_with, counts.passed);
  if (in_passed >= kAsOften * in_failed) return OutcomeLink::kAsOften;
  // Runs of one task say less than as many independent ones.
  const double deff = DesignEffect(mode.clusters);
  const auto effective = [deff](std::int64_t n) {
    return std::llround(static_cast<double>(n) / deff);
  };
  const ShareChange change =
      CompareShares({effective(counts.passed_with), effective(counts.passed)},
                    {effective(counts.failed_with), effective(counts.failed)});
  return change == ShareChange::kRise ? OutcomeLink::kFailedMore : OutcomeLink::kUnclear;
}

}  // namespace halo
