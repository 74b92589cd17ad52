// SPDX-License-Identifier: MIT
// What reviews have found, as records of answers. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/review.h"

namespace halo {

// The name of the review of the runs that pass the filters, as the client wrote them: times
// relative to now stay relative. Another seed is another review.
std::string ReviewId(const Engine& engine, const std::optional<wire::Filters>& filters,
                     std::int64_t seed);
// The review of these filters with most random draws that were read; empty if there is none.
std::string ReviewOf(const ReviewBook& book, const Engine& engine,
                     const std::optional<wire::Filters>& filters);
// The review with most random draws that were read, whatever its filters; empty if there is none.
std::string LargestReview(const ReviewBook& book);

// From this many random draws on, a chance of a new category below this says that more reading
// hardly shows anything new.
inline constexpr std::int64_t kEnoughRead = 20;
inline constexpr double kHardlyNew = 0.15;

wire::ReviewProgress ProgressOf(const ReviewBook& book, std::string_view review);
// Categories, those in most runs first, with the share in that review if anything was drawn in it
// at random, and `runs` examples. With `among`, only what was seen in these runs.
std::vector<wire::ReviewedRow> CategoryRows(const ReviewBook& book, std::string_view review,
                                            std::size_t runs,
                                            const std::set<TraceKey>* among = nullptr);

}  // namespace halo
