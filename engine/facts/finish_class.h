// SPDX-License-Identifier: MIT
// Classifies the finish reasons of all providers. Pure; any thread.
#pragma once

#include <string_view>

#include "engine/model/span_facts.h"

namespace halo {

// "max_tokens", "MAX_TOKENS", "FinishReason.MAX_TOKENS" and "length" are kTruncated; empty and
// "unknown" are kUnknown; a word that no provider documents is kOther.
FinishClass ClassifyFinish(std::string_view reason);

}  // namespace halo
