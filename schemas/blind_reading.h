// SPDX-License-Identifier: MIT
// A blind reading, in the answer of review_runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schemas/common.h"

namespace halo::wire {

// How the sides differ in one thing that readers noted.
struct BlindDifference {
  Words id;  // "bad", or that of a category
  TraceName name;
  std::int64_t a = 0, b = 0;
  double difference = 0, low = -1, high = 1;

  static constexpr auto Fields() {
    using Self = BlindDifference;
    return std::tuple{Field("id", &Self::id, "bad, or a category"),
                      Option("name", &Self::name),
                      Field("a", &Self::a, "runs"),
                      Field("b", &Self::b),
                      Field("difference", &Self::difference, "share of b less that of a"),
                      Field("low", &Self::low),
                      Field("high", &Self::high)};
  }
};

// The sides and the differences are only told at the end.
struct BlindReport {
  Words id;
  std::int64_t runs = 0, read = 0;
  TraceText a, b;
  std::optional<std::int64_t> read_a, read_b;
  std::vector<BlindDifference> differences;

  static constexpr auto Fields() {
    using Self = BlindReport;
    return std::tuple{Field("id", &Self::id),          Field("runs", &Self::runs),
                      Field("read", &Self::read),      Option("a", &Self::a, "at the end"),
                      Option("b", &Self::b),           Option("read_a", &Self::read_a),
                      Option("read_b", &Self::read_b), Option("differences", &Self::differences)};
  }
};

}  // namespace halo::wire
