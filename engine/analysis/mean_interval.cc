// SPDX-License-Identifier: MIT
#include "engine/analysis/mean_interval.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace halo {
namespace {

using Values = std::vector<std::pair<double, double>>;  // value, times

// From a bet that wins within a few values to one that wins within ten thousand.
constexpr std::size_t kFractions = 20;
constexpr double kBoldest = 0.99, kStep = 0.75;
constexpr int kHalvings = 30;

const std::array<double, kFractions>& Fractions() {
  static const std::array<double, kFractions> kAll = [] {
    std::array<double, kFractions> all{};
    double fraction = kBoldest;
    for (double& each : all) {
      each = fraction;
      fraction *= kStep;
    }
    return all;
  }();
  return kAll;
}

// The logarithm of the capital of those who bet that the mean is above `mean`.
double LogCapital(const Values& values, double mean) {
  std::array<double, kFractions> logs{};
  double largest = -HUGE_VAL;
  for (std::size_t i = 0; i < kFractions; ++i) {
    for (const auto& [value, times] : values) {
      logs[i] += times * std::log1p(Fractions()[i] * (value / mean - 1));
    }
    largest = std::max(largest, logs[i]);
  }
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - largest);
  return largest + std::log(sum / static_cast<double>(kFractions));
}

double LowerEnd(const Values& values, double log_wanted) {
  double low = 0, high = 1;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (LogCapital(values, middle) >= log_wanted ? low : high) = middle;
  }
  return low;
}

}  // namespace

void BoundedSample::Add(double value, std::int64_t times) {
  if (times <= 0) return;
  values_[std::clamp(value, 0.0, 1.0)] += times;
  count_ += times;
}

double BoundedSample::mean() const {
  if (count_ == 0) return 0;
  double sum = 0;
  for (const auto& [value, times] : values_) sum += value * static_cast<double>(times);
  return sum / static_cast<double>(count_);
}

MeanInterval AnytimeInterval(const BoundedSample& sample, double alpha) {
  if (sample.count() == 0) return {};
  Values values, mirrored;
  for (const auto& [value, times] : sample.values()) {
    values.emplace_back(value, static_cast<double>(times));
    mirrored.emplace_back(1 - value, static_cast<double>(times));
  }
  const double log_wanted = std::log(2 / alpha);
  return {LowerEnd(values, log_wanted), 1 - LowerEnd(mirrored, log_wanted)};
}

}  // namespace halo
