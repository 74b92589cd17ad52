// SPDX-License-Identifier: MIT
// Recognises a result that says that there is nothing of what was asked for. Pure; any thread.
#pragma once

#include <string_view>

#include "engine/facts/word_finder.h"

namespace halo {

// JSON all of whose values are empty ([], null, {"found":false,"order":null}), or a short text that
// says so: "No order with this number", "not found", "does not exist", "0 results". `text` has no
// white space around it, and `words` has read it for kNothingFound.
bool SaysNothingFound(std::string_view text, const WordFinder& words);

}  // namespace halo
