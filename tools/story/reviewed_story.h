// SPDX-License-Identifier: MIT
// A category of what readers noted, in full. All of it is what readers said. Any thread.
#pragma once

#include <optional>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/get_failure_mode.h"

namespace halo {

// `filters` as the client wrote them, `question` made from them. kNotFound if no settled run of the
// question shows the category; the message says where it was seen.
Result<wire::GetFailureModeOutput> TellReviewed(Engine& engine, const Category& category,
                                                const std::optional<wire::Filters>& filters,
                                                const Question& question, std::size_t examples);

}  // namespace halo
