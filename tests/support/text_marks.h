// SPDX-License-Identifier: MIT
// What the words of a text are read as.
#pragma once

#include <string_view>

#include "engine/facts/message_marks.h"

namespace halo {

inline bool IsMarked(MessageMark mark, MessageRole role, std::string_view text,
                     const WordSettings& settings = {}) {
  WordFinder words(settings);
  return (MarksOf(role, text, words) & static_cast<std::uint32_t>(mark)) != 0;
}

}  // namespace halo
