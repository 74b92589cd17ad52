// SPDX-License-Identifier: MIT
// Words with which a model claims that it searched, checked or read a source. English only. Pure
// function; any thread.
#pragma once

#include <string_view>

#include "engine/facts/word_finder.h"

namespace halo {

constexpr std::size_t kClaimBytes = 4000;

// The first sentence that says so; empty if none does. A denial, a
// question and what somebody else did are no claims. `words` has read the text for kClaims and
// kClaimCues.
std::string_view FindClaim(const WordFinder& words);

}  // namespace halo
