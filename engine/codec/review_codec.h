// SPDX-License-Identifier: MIT
// Encodes what happened in a review, without id, reader and time. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/model/review.h"

namespace halo {

std::string EncodeReviewEvent(const ReviewEvent& event);
// Fails with kCorrupt. Members that are not encoded are as in a new event.
Result<ReviewEvent> DecodeReviewEvent(std::string_view bytes);

}  // namespace halo
