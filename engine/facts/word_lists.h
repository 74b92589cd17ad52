// SPDX-License-Identifier: MIT
// The set phrases of each list, in lower case and with plain apostrophes. Pure; any thread.
#pragma once

#include <span>
#include <string_view>

#include "engine/model/word_lists.h"

namespace halo {

std::span<const std::string_view> PhrasesOf(WordList list);

}  // namespace halo
