// SPDX-License-Identifier: MIT
#include "engine/analysis/agreement.h"

#include <algorithm>

namespace halo {
namespace {

constexpr double kChiSquare95 = 3.841458820694124;  // with one degree of freedom

// How badly the counts fit a kappa, if the share of bad verdicts is `p`.
double Misfit(const ReadTwice& readings, double p, double kappa) {
  const auto n = static_cast<double>(readings.runs());
  const double both = p * p + p * (1 - p) * kappa;
  const double neither = (1 - p) * (1 - p) + p * (1 - p) * kappa;
  const double one = 2 * p * (1 - p) * (1 - kappa);
  const auto part = [n](std::int64_t seen, double share) {
    const double expected = std::max(n * share, 1e-12);
    const double off = static_cast<double>(seen) - expected;
    return off * off / expected;
  };
  return part(readings.both, both) + part(readings.one, one) + part(readings.neither, neither);
}

// The kappa between `fits` and `end` up to which the counts fit.
double LastThatFits(const ReadTwice& readings, double p, double fits, double end) {
  if (Misfit(readings, p, end) <= kChiSquare95) return end;
  for (int i = 0; i < 60; ++i) {
    const double middle = (fits + end) / 2;
    (Misfit(readings, p, middle) <= kChiSquare95 ? fits : end) = middle;
  }
  return fits;
}

}  // namespace

Kappa IntraclassKappa(const ReadTwice& readings) {
  Kappa out;
  const std::int64_t n = readings.runs();
  if (n < kFewestReadTwice) return out;
  const double p =
      static_cast<double>(2 * readings.both + readings.one) / static_cast<double>(2 * n);
  if (p <= 0 || p >= 1) return out;
  out.known = true;
  out.value = 1 - static_cast<double>(readings.one) / (2 * static_cast<double>(n) * p * (1 - p));
  // No share may be negative.
  const double least = std::max(-p / (1 - p), -(1 - p) / p);
  out.low = LastThatFits(readings, p, out.value, least);
  out.high = LastThatFits(readings, p, out.value, 1);
  return out;
}

}  // namespace halo
