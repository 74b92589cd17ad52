// SPDX-License-Identifier: MIT
#include "engine/analysis/judge_reading.h"

#include <algorithm>
#include <cmath>

namespace halo {
namespace {

constexpr double kError = 0.05, kFirstLook = 0.8, kLaterLook = 0.2;

// The z beyond which, on both sides together, a normal value lies with probability `alpha`.
double TwoSidedZ(double alpha) {
  double low = 0, high = 40;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) > alpha ? low : high) = middle;
  }
  return (low + high) / 2;
}

double ShareOf(const ShareTrials& side) {
  return static_cast<double>(side.hits) / static_cast<double>(side.trials);
}

MeanInterval Wilson(const ShareTrials& side, double alpha) {
  if (side.trials <= 0) return {};
  const auto n = static_cast<double>(side.trials);
  const double z = TwoSidedZ(alpha), p = ShareOf(side), weight = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / weight;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / weight;
  return {side.hits == 0 ? 0 : std::max(0.0, centre - half),
          side.hits == side.trials ? 1 : std::min(1.0, centre + half)};
}

// The two roots of a x^2 - 2 b x + c in forms that do not cancel.
double Root(double b, double ac) { return std::sqrt(std::max(0.0, b * b - ac)); }

RatioInterval RatioOf(double after, const MeanInterval& in_after, double before,
                      const MeanInterval& in_before) {
  RatioInterval out;
  const double b = after * before;
  const double low_c = in_after.low * (2 * after - in_after.low);
  const double low_a = in_before.high * (2 * before - in_before.high);
  const double below = b + Root(b, low_a * low_c);
  out.low = below > 0 ? std::max(0.0, low_c / below) : 0;
  const double high_c = in_after.high * (2 * after - in_after.high);
  const double high_a = in_before.low * (2 * before - in_before.low);
  if (high_a > 0) out.high = (b + Root(b, high_a * high_c)) / high_a;
  return out;
}

BoundedSample SampleOf(const ShareTrials& side) {
  BoundedSample out;
  out.Add(1, side.hits);
  out.Add(0, side.trials - side.hits);
  return out;
}

void SetSide(const ShareTrials& read, FixSide& side) {
  side.eligible = side.observations = side.entered = read.trials;
  side.affected = read.hits;
}

}  // namespace

FixComparison CompareReadings(const ReadSides& sides) {
  FixComparison out;
  if (sides.before.trials <= 0 || sides.after.trials <= 0) return out;
  const double alpha =
      kError * kFirstLook *
      std::pow(kLaterLook, static_cast<double>(std::max<std::int64_t>(sides.looks - 1, 0)));
  const auto picked_from = static_cast<double>(std::max<std::int64_t>(1, sides.picked_from));
  out.before = Wilson(sides.before, alpha / picked_from);
  out.after = Wilson(sides.after, alpha);
  out.ratio = RatioOf(ShareOf(sides.after), out.after, ShareOf(sides.before), out.before);
  out.verdict = VerdictOf(out.ratio, sides.after.hits == 0);
  return out;
}

void JudgeByReading(const BlindBook& readings, std::string_view fix, ModeId category,
                    TargetJudgement& target) {
  ReadSides sides;
  sides.picked_from = target.target.picked_from;
  sides.looks = 0;
  for (const BlindState* const state : readings.OfFix(fix)) {
    if (state->ended == 0) continue;
    const BlindCounts counts = BlindBook::Count(*state, category);
    sides.before.hits += counts.sides[0].hits;
    sides.before.trials += counts.sides[0].trials;
    sides.after.hits += counts.sides[1].hits;
    sides.after.trials += counts.sides[1].trials;
    ++sides.looks;
  }
  FixSides& out = target.sides;
  out.design = FixDesign::kReadings;
  out.sample.before = SampleOf(sides.before);
  out.sample.after = SampleOf(sides.after);
  out.entering.clear();
  out.apart = {};
  out.varied_after = 0;
  SetSide(sides.before, out.before);
  SetSide(sides.after, out.after);
  target.comparison = CompareReadings(sides);
  if (target.verdict != Verdict::kNotComparable) target.verdict = target.comparison.verdict;
  target.need = target.verdict == Verdict::kInconclusive ? FixNeed::kReading : FixNeed::kNothing;
  target.needed = 0;
}

}  // namespace halo
