// SPDX-License-Identifier: MIT
// Hides from a reader what would tell of which side of a blind reading a run is: times, versions,
// models, ids, and lines of prompts and lists of tools that only one side has. What the run did and
// said remains, with "…" in the place of what is hidden. Any thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/trace_summary.h"
#include "schemas/review_runs.h"
#include "tools/story/run_items.h"

namespace halo {

struct BlindMask {
  std::set<std::uint64_t> hidden_lines;  // LineHashes of prompts and lists of tools
  std::vector<std::string> words;        // that the filters of the sides select by
};

// Hides it in the texts of a run: its version, models, ids and the days on which it ran.
void HideSide(const BlindMask& mask, const TraceSummary& summary, RunText& run);
// The same in one text.
std::string WithoutSide(const BlindMask& mask, const TraceSummary& summary, std::string_view text);
// Whether the key of an attribute says that its value may tell the side.
bool MayTellSide(std::string_view key);
// Empties the fields of a dossier that may tell the side; sets the id.
void HideFields(std::string_view id, wire::RunDossier& dossier);

}  // namespace halo
