// SPDX-License-Identifier: MIT
// Words with which a model says that its data are assumed, simulated or invented. English only.
// Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/facts/word_finder.h"

namespace halo {

constexpr std::size_t kMadeUpBytes = 16384;  // looked at in an answer or in code
constexpr std::size_t kToldBytes = 4096;     // looked at in what a model is told

// The first sentence, or line of code, that says so of the data it works with; empty if none does.
// `words` has read the text for kMadeUp and kMadeUpCues.
std::string_view FindMadeUp(const WordFinder& words);
// Reads the text first.
std::string_view FindMadeUp(std::string_view text, WordFinder& words);

// Whether a text speaks of made-up data at all: a request for them, or a result that holds them.
// Wider than FindMadeUp, so that what was asked for is not held against the model.
bool SpeaksOfMadeUp(const WordFinder& words);

}  // namespace halo
