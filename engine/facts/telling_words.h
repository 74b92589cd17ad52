// SPDX-License-Identifier: MIT
// Whether an answer may have come of a tool's result: it then says at least one word or number
// that the result says. Text that code returns whatever the tool found says none.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The words of four letters and more and the tokens with a digit that a short answer consists of,
// in lower case and parted by spaces. Names of JSON members are none. Empty where they cannot be
// told: a long answer, one with fewer than two such words, a script that does not part its words.
std::string TellingWords(std::string_view answer);

// A set of such words that may hold more than was put in. All zero: nothing is known of the
// result, since it was not recorded, is masked, or has fewer than three such words.
using WordSketch = std::array<std::uint64_t, 2>;
WordSketch SketchWords(std::string_view result);

// Whether `sketch` is known and holds none of `words`, as TellingWords gives them.
bool SharesNoWord(const WordSketch& sketch, std::string_view words);

}  // namespace halo
