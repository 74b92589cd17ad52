// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_verdict.h"

#include <algorithm>
#include <cmath>

namespace halo {
namespace {

constexpr double kError = 0.05;
constexpr double kFixedRatio = 0.5;
constexpr double kSameLow = 0.75, kSameHigh = 1.33;
constexpr std::int64_t kMostObservations = 2'000;

void AddAtRate(double rate, std::int64_t count, BoundedSample& sample) {
  const std::int64_t hits = std::llround(rate * static_cast<double>(count));
  sample.Add(1, hits);
  sample.Add(0, count - hits);
}

bool DecidedAfter(FixSample sample, const FixOutlook& outlook, std::int64_t more) {
  AddAtRate(outlook.rate_after, more, sample.after);
  AddAtRate(outlook.rate_before, std::min(more, outlook.more_before), sample.before);
  sample.affected_after += std::llround(outlook.rate_after * static_cast<double>(more));
  return CompareFix(sample).verdict != Verdict::kInconclusive;
}

}  // namespace

Verdict VerdictOf(const RatioInterval& ratio, bool none_after) {
  if (ratio.low > 1) return Verdict::kWorse;
  if (none_after && ratio.high <= kFixedRatio) return Verdict::kFixed;
  if (ratio.high < 1) return Verdict::kImproved;
  if (ratio.low >= kSameLow && ratio.high <= kSameHigh) return Verdict::kUnchanged;
  return Verdict::kInconclusive;
}

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNotComparable:
      return "not_comparable";
    case Verdict::kWorse:
      return "worse";
    case Verdict::kFixed:
      return "fixed";
    case Verdict::kImproved:
      return "improved";
    case Verdict::kUnchanged:
      return "unchanged";
    case Verdict::kInconclusive:
      break;
  }
  return "inconclusive";
}

FixComparison CompareFix(const FixSample& sample) {
  FixComparison out;
  const auto picked_from = static_cast<double>(std::max<std::int64_t>(1, sample.picked_from));
  out.before = AnytimeInterval(sample.before, kError / 2 / picked_from);
  out.after = AnytimeInterval(sample.after, kError / 2);
  out.ratio.low = out.after.low / out.before.high;
  if (out.before.low > 0) out.ratio.high = out.after.high / out.before.low;
  out.verdict = VerdictOf(out.ratio, sample.affected_after == 0);
  return out;
}

std::int64_t ObservationsToDecide(const FixSample& sample, const FixOutlook& outlook) {
  if (DecidedAfter(sample, outlook, 0)) return 0;
  std::int64_t enough = 1;
  while (!DecidedAfter(sample, outlook, enough)) {
    if (enough >= kMostObservations) return kNeverDecided;
    enough = std::min(enough * 2, kMostObservations);
  }
  std::int64_t few = enough / 2;
  while (enough - few > 1) {
    const std::int64_t middle = few + (enough - few) / 2;
    (DecidedAfter(sample, outlook, middle) ? enough : few) = middle;
  }
  return enough;
}

}  // namespace halo
