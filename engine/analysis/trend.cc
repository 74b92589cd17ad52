// SPDX-License-Identifier: MIT
#include "engine/analysis/trend.h"

#include <array>
#include <cstddef>
#include <numeric>

#include "engine/analysis/statistics.h"

namespace halo {
namespace {

std::int64_t SumOfHalf(const std::array<std::int64_t, 8>& parts, std::size_t first) {
  const auto begin = parts.begin() + static_cast<std::ptrdiff_t>(first);
  return std::accumulate(begin, begin + 4, std::int64_t{0});
}

}  // namespace

std::string_view TrendName(Trend trend) {
  switch (trend) {
    case Trend::kUnclear:
      return "unclear";
    case Trend::kSteady:
      return "steady";
    case Trend::kNew:
      return "new";
    case Trend::kRising:
      return "rising";
    case Trend::kFalling:
      return "falling";
    case Trend::kGone:
      return "gone";
  }
  return "";
}

Trend TrendOf(const ModeStats& stats) {
  const ShareSample early{SumOfHalf(stats.trend, 0), SumOfHalf(stats.trend_all, 0)};
  const ShareSample late{SumOfHalf(stats.trend, 4), SumOfHalf(stats.trend_all, 4)};
  switch (CompareShares(early, late)) {
    case ShareChange::kTooFew:
      return Trend::kUnclear;
    case ShareChange::kNone:
      return Trend::kSteady;
    case ShareChange::kRise:
      return early.hits == 0 ? Trend::kNew : Trend::kRising;
    case ShareChange::kFall:
      return late.hits == 0 ? Trend::kGone : Trend::kFalling;
  }
  return Trend::kUnclear;
}

}  // namespace halo
