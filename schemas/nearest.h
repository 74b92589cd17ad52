// SPDX-License-Identifier: MIT
// Guesses which known word was meant. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace halo {

// The known word with the smallest edit distance (Levenshtein, case ignored) of at most a third of
// its length, or two letters; else the only one that continues `word` with "_"; else empty. Words
// over 64 bytes have no nearest word.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> known);

// "; did you mean X? known: A, B, C", at most 40 words, for the end of an error message.
std::string SuggestWord(std::string_view word, std::span<const std::string_view> known);

}  // namespace halo
