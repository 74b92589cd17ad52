// SPDX-License-Identifier: MIT
// Whether an answer may be based on a tool's result: it then shares at least one word or number
// with it. Text that code returns whatever the tool found shares none.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The words of four letters or more and the tokens with a digit in a short answer, in lower case
// and separated by spaces, without the names of JSON members. Empty for a long answer, for one with
// fewer than two such words, and for a script that does not separate words.
std::string TellingWords(std::string_view answer);

// A set of such words that may seem to contain more than were added (a Bloom filter). All zero:
// nothing is known of the result, since it was not recorded, is masked, or has fewer than three
// such words.
using WordSketch = std::array<std::uint64_t, 2>;
WordSketch SketchWords(std::string_view result);

// Whether `sketch` is known and contains none of `words`, as TellingWords returns them.
bool SharesNoWord(const WordSketch& sketch, std::string_view words);

}  // namespace halo
