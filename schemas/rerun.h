// SPDX-License-Identifier: MIT
// Tasks to run again after a fix.
#pragma once

#include "schemas/common.h"

namespace halo::wire {

struct Rerun {
  std::int64_t seed = 0, drawn_from = 0;
  std::vector<TraceName> tasks;

  static constexpr auto Fields() {
    return std::tuple{
        Field("tasks", &Rerun::tasks, "drawn at random from all with the opportunity; run all"),
        Field("seed", &Rerun::seed), Field("drawn_from", &Rerun::drawn_from)};
  }
};

}  // namespace halo::wire
