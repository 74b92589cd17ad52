// SPDX-License-Identifier: MIT
#include "engine/analysis/mean_interval.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace halo {
namespace {

BoundedSample Shares(std::int64_t hits, std::int64_t misses) {
  BoundedSample sample;
  sample.Add(1, hits);
  sample.Add(0, misses);
  return sample;
}

TEST_CASE("an interval without values is everything") {
  const MeanInterval interval = AnytimeInterval({}, 0.05);
  CHECK(interval.low == 0);
  CHECK(interval.high == 1);
}

TEST_CASE("an interval holds its mean and narrows with more values") {
  double width = 1;
  for (const std::int64_t n : {10, 100, 1000, 10000}) {
    const MeanInterval interval = AnytimeInterval(Shares(3 * n, 7 * n), 0.05);
    CHECK(interval.low < 0.3);
    CHECK(interval.high > 0.3);
    CHECK(interval.high - interval.low < width);
    width = interval.high - interval.low;
  }
  CHECK(width < 0.02);
  CHECK(AnytimeInterval(Shares(30, 70), 0.001).low < AnytimeInterval(Shares(30, 70), 0.05).low);
}

TEST_CASE("an interval is at least as wide as one for a single look") {
  // Clopper and Pearson: 0 of 50 at 5 %, both ends.
  const MeanInterval none = AnytimeInterval(Shares(0, 50), 0.05);
  CHECK(none.low == Approx(0).margin(1e-9));
  CHECK(none.high > 1 - std::pow(0.025, 1.0 / 50));
  CHECK(none.high < 0.15);
  const MeanInterval all = AnytimeInterval(Shares(50, 0), 0.05);
  CHECK(all.low == Approx(1 - none.high).margin(1e-9));
}

TEST_CASE("values between 0 and 1 with a small spread give a narrow interval") {
  BoundedSample steady;
  for (int i = 0; i < 50; ++i) steady.Add(i % 2 == 0 ? 0.45 : 0.55);
  const MeanInterval narrow = AnytimeInterval(steady, 0.05);
  const MeanInterval wide = AnytimeInterval(Shares(25, 25), 0.05);
  CHECK(narrow.high - narrow.low < wide.high - wide.low);
  CHECK(narrow.low < 0.5);
  CHECK(narrow.high > 0.5);
}

// Looks after every value, and counts how often any interval misses the average of the means so
// far.
int Misses(int repetitions, double (*mean_of)(int)) {
  std::mt19937_64 random(7);
  int misses = 0;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    BoundedSample sample;
    double sum = 0;
    bool missed = false;
    for (int i = 0; i < 120 && !missed; ++i) {
      sum += mean_of(i);
      sample.Add(static_cast<double>(random() >> 11) * 0x1p-53 < mean_of(i) ? 1 : 0);
      const MeanInterval interval = AnytimeInterval(sample, 0.2);
      const double average = sum / (i + 1);
      missed = average < interval.low || average > interval.high;
    }
    misses += missed;
  }
  return misses;
}

TEST_CASE("at all looks together an interval misses in at most alpha of cases") {
  constexpr int kRepetitions = 300;
  CHECK(Misses(kRepetitions, [](int) { return 0.3; }) < 0.2 * kRepetitions);
  CHECK(Misses(kRepetitions, [](int) { return 0.03; }) < 0.2 * kRepetitions);
  // Values of different means: easy ones, then hard ones, in turn.
  CHECK(Misses(kRepetitions, [](int i) { return i % 40 < 20 ? 0.1 : 0.8; }) < 0.2 * kRepetitions);
}

}  // namespace
}  // namespace halo
