// SPDX-License-Identifier: MIT
// The events of reviews. Inside a transaction of the caller.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/model/review.h"
#include "engine/store/sqlite/database.h"

namespace halo {

// See Store::AddReviewEvents.
std::vector<std::int64_t> WriteReviewEvents(Database& database, std::span<const ReviewEvent> events,
                                            std::optional<std::int64_t> after);
std::vector<ReviewEvent> ReadReviewEvents(Database& database);

}  // namespace halo
