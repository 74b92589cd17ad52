// SPDX-License-Identifier: MIT
// Which known word did the caller mean? Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace halo {

// The known word with the smallest edit distance (Levenshtein, case ignored), empty where none is
// within a third of its length or two letters. Words over 64 bytes have no near ones.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> known);

// "; did you mean X? known: A, B, C", at most 40 words, for the end of an error message.
std::string SuggestWord(std::string_view word, std::span<const std::string_view> known);

}  // namespace halo
