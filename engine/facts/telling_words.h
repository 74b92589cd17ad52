// SPDX-License-Identifier: MIT
// Decides whether an answer may be based on a tool's result: it then shares at least one word or
// number with it. A fixed text that code returns for any result shares none. Pure functions; any
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The telling words of a short answer: words of at least four letters and tokens with a digit, in
// lower case and separated by spaces, without the names of JSON members. Empty for a long answer,
// for one with fewer than two such words, and for a script that does not separate words.
std::string TellingWords(std::string_view answer);

// The set of telling words of a result, as a Bloom filter: it may seem to contain other words too.
// All zero if the result is unknown: not recorded, masked, or with fewer than three such words.
using WordSketch = std::array<std::uint64_t, 2>;
WordSketch SketchWords(std::string_view result);

// Whether `sketch` is known and contains none of `words`, as TellingWords returns them.
bool SharesNoWord(const WordSketch& sketch, std::string_view words);

}  // namespace halo
