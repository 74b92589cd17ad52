// SPDX-License-Identifier: MIT
// What the text of a message says, for rules that read messages. Any thread with its own finder.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/facts/word_finder.h"
#include "engine/model/message_pool.h"

namespace halo {

// The MessageMark bits of a text, except those that need more than the text (kError, kManyValues).
// Called once for each distinct message.
std::uint32_t MarksOf(MessageRole role, std::string_view text, WordFinder& words);

}  // namespace halo
