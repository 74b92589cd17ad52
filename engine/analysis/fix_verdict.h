// SPDX-License-Identifier: MIT
// What the runs before and after a fix say about one failure. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "engine/analysis/mean_interval.h"

namespace halo {

enum class Verdict : std::uint8_t {
  kNotComparable,  // the runs after differ in something besides the fix
  kWorse,
  kFixed,
  kImproved,
  kUnchanged,
  kInconclusive,
};
std::string_view VerdictName(Verdict verdict);  // "not_comparable", "worse", ...

// The observations of both sides: shares of affected runs, each of one run or of one cluster.
struct FixSample {
  BoundedSample before, after;
  // Occurrences among all runs after, also among those that are not observations.
  std::int64_t affected_after = 0;
  std::int64_t picked_from = 1;  // entries among which this one was picked because of `before`
};

// Of the share after to the share before.
struct RatioInterval {
  double low = 0, high = std::numeric_limits<double>::infinity();
};

struct FixComparison {
  MeanInterval before, after;
  RatioInterval ratio;
  Verdict verdict = Verdict::kInconclusive;  // never kNotComparable
};

// Each side gets half of an error of 5 %, the side before divided by `picked_from` (Bonferroni), so
// that at all looks together a verdict is false in at most 5 % of cases. In this order:
//     worse         the ratio is above 1
//     fixed         no occurrence after, and the ratio is at most 0.5
//     improved      the ratio is below 1
//     unchanged     the ratio is within 0.75 and 1.33
//     inconclusive  else
// where "is" means: its whole interval [low after / high before, high after / low before] is.
FixComparison CompareFix(const FixSample& sample);

// The verdict of a ratio, as listed above.
Verdict VerdictOf(const RatioInterval& ratio, bool none_after);

// How a comparison may go on.
struct FixOutlook {
  double rate_before = 0, rate_after = 0;  // of observations to come
  std::int64_t more_before = 0;            // observations that there may still be
};
// The smallest number of further observations after (each of them with one more before, while there
// are any) that would end in a verdict other than inconclusive; kNeverDecided if none of up to
// 2,000 does.
inline constexpr std::int64_t kNeverDecided = -1;
std::int64_t ObservationsToDecide(const FixSample& sample, const FixOutlook& outlook);

}  // namespace halo
