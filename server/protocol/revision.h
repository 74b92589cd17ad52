// SPDX-License-Identifier: MIT
// The supported revisions of the Model Context Protocol, oldest first, so that "since 2025-06-18"
// is a comparison.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "schemas/fields.h"

namespace halo {

// Up to k2025_11_25 a client opens with `initialize` ("legacy"); since k2026_07_28 each request
// names its revision ("modern").
enum class Revision { k2024_11_05, k2025_03_26, k2025_06_18, k2025_11_25, k2026_07_28 };

inline constexpr Revision kLatestLegacy = Revision::k2025_11_25;
inline constexpr Revision kLatest = Revision::k2026_07_28;

constexpr auto Names(Revision) {
  return std::array{
      Named{Revision::k2024_11_05, "2024-11-05"}, Named{Revision::k2025_03_26, "2025-03-26"},
      Named{Revision::k2025_06_18, "2025-06-18"}, Named{Revision::k2025_11_25, "2025-11-25"},
      Named{Revision::k2026_07_28, "2026-07-28"},
  };
}

constexpr bool IsModern(Revision revision) { return revision > kLatestLegacy; }

constexpr std::string_view NameOf(Revision revision) {
  return Names(revision)[static_cast<std::size_t>(revision)].text;
}

constexpr std::optional<Revision> RevisionNamed(std::string_view text) {
  for (const auto& name : Names(Revision{})) {
    if (name.text == text) return name.value;
  }
  return std::nullopt;
}

}  // namespace halo
