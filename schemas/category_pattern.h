// SPDX-License-Identifier: MIT
// What separates the runs that readers noted with a category from the others.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schemas/common.h"

namespace halo::wire {

struct CategoryPattern {
  Prose what;
  Words filters;  // as JSON; empty if a name in it is not plain
  std::int64_t with = 0, without = 0, unread = 0;

  static constexpr auto Fields() {
    using Self = CategoryPattern;
    return std::tuple{Field("what", &Self::what), Option("filters", &Self::filters),
                      Field("with", &Self::with, "noted runs that match and have the category"),
                      Field("without", &Self::without), Field("unread", &Self::unread)};
  }
};

// Precision and recall by cross-validation of the search.
struct CategoryPatterns {
  std::int64_t with = 0, without = 0;
  std::optional<double> precision, precision_low, recall, recall_low;
  std::vector<CategoryPattern> rows;

  static constexpr auto Fields() {
    using Self = CategoryPatterns;
    return std::tuple{Field("with", &Self::with, "noted runs"),
                      Field("without", &Self::without),
                      Option("precision", &Self::precision, "cross-validated"),
                      Option("precision_low", &Self::precision_low),
                      Option("recall", &Self::recall),
                      Option("recall_low", &Self::recall_low),
                      Field("rows", &Self::rows)};
  }
};

}  // namespace halo::wire
