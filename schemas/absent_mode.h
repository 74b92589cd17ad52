// SPDX-License-Identifier: MIT
// The part of an answer about a failure mode that no run shows.
#pragma once

#include "schemas/common.h"

namespace halo::wire {

// The mode, with an upper bound of its rate: `rate` is 0, `rate_high` the upper end of its 95 %
// interval.
struct AbsentMode {
  // The counts of the same mode without the filters.
  struct Unfiltered {
    std::int64_t traces = 0, eligible_traces = 0;
    double rate = 0, rate_low = 0, rate_high = 0;

    static constexpr auto Fields() {
      using Self = Unfiltered;
      return std::tuple{Field("traces", &Self::traces),
                        Field("eligible_traces", &Self::eligible_traces),
                        Field("rate", &Self::rate), Field("rate_low", &Self::rate_low),
                        Field("rate_high", &Self::rate_high)};
    }
  };

  Words id, statement, counted, bound;
  bool known = true;
  std::int64_t traces = 0, eligible_traces = 0;
  double rate = 0, rate_high = 1;
  std::optional<Unfiltered> without_filter;

  static constexpr auto Fields() {
    using Self = AbsentMode;
    return std::tuple{Field("id", &Self::id),
                      Field("statement", &Self::statement),
                      Field("traces", &Self::traces),
                      Field("eligible_traces", &Self::eligible_traces),
                      Field("counted", &Self::counted, "which runs eligible_traces counts"),
                      Field("rate", &Self::rate),
                      Field("rate_high", &Self::rate_high),
                      Field("bound", &Self::bound),
                      Field("known", &Self::known, "false: no run of the store shows it"),
                      Option("without_filter", &Self::without_filter)};
  }
};

}  // namespace halo::wire
