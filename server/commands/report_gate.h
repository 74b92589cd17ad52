// SPDX-License-Identifier: MIT
// Decides whether a report fails a build: which failure modes are there, or are new or worse than
// in an earlier report. Pure; any thread.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/rank.h"
#include "engine/base/result.h"
#include "engine/engine.h"

namespace halo {

// An open entry of a report. A report in JSON lists all of them under `entries`, so that it can be
// the baseline of a later one.
struct GateEntry {
  std::string id;                    // "fm_..."
  std::vector<std::string> members;  // ids of its variants and effects
  std::string detector, generality;
  std::int64_t runs = 0, eligible_runs = 0;
};

// Candidates, and modes that somebody accepted or ignored, are not among them.
std::vector<GateEntry> OpenEntries(const ModeRanking& ranking);

boost::json::array WriteEntries(std::span<const GateEntry> entries);
// kInvalidArgument if the text is not a report that `halo-mcp report --json` wrote.
Result<std::vector<GateEntry>> ReadBaseline(std::string_view report);

struct GateHit {
  const GateEntry* entry = nullptr;
  const GateEntry* before = nullptr;  // in the baseline; null: it is new, or there is no baseline
};

// The entries that generalise at least as far as `level`, in their order. With a baseline only
// those that it does not have, under any id of theirs, and those whose share of eligible runs has
// risen since (CompareShares in engine/analysis/statistics.h).
std::vector<GateHit> FindHits(std::span<const GateEntry> entries, Generality level,
                              const std::optional<std::vector<GateEntry>>& baseline);

}  // namespace halo
