// SPDX-License-Identifier: MIT
// Categories of what readers noted, as entries among failure modes. Any thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/review.h"

namespace halo {

// A category that was seen in runs of a question. `mode.stats` has the runs among which it was seen
// (traces) and the random draws (units of eligible_units). Its share is that of the draws; its
// waste is unknown but for the floor of its severity, and its outcome factor is 1.
struct ReviewedMode {
  RankedMode mode;
  wire::ReviewedRow row;
  std::vector<TraceRow> runs;  // that show it, as the store lists them
};

// Those that were seen in settled runs of the question, by share and then by the number of runs.
// They have shares if the runs of these filters, as the client wrote them, were reviewed.
Result<std::vector<ReviewedMode>> ReadReviewedModes(Engine& engine,
                                                    const std::optional<wire::Filters>& filters,
                                                    const Question& question,
                                                    const OverviewStats& totals);

// What readers saw, beside a ranking that has taken up what has a share.
struct ReviewedBeside {
  std::vector<wire::ReviewedRow> unranked;   // without a share
  std::map<ModeId, wire::ReviewedRow> rows;  // of those that are ranked
};
// Ranks categories with a share among the modes, by score. At most `most` of this status (absent:
// open) are left unranked.
Result<ReviewedBeside> RankReviewed(Engine& engine, const std::optional<wire::Filters>& filters,
                                    const Question& question, std::size_t most,
                                    ModeRanking& ranking, std::optional<wire::Status> status = {});

}  // namespace halo
