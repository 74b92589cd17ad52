// SPDX-License-Identifier: MIT
// How JSON values lie among the lines of a text. Consoles and logs mix them with other lines. Pure
// functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halo {

// Whether values end with their line.
enum class Layout : std::uint8_t { kUndecided, kLines, kDocuments };

// Lines if the first line that can begin an object or array is a complete value or can only be a
// broken one, or if many lines before it are none; documents if it begins a longer value. `final`:
// the end of the text counts as a line feed.
Layout DecideLayout(std::string_view text, bool final);

// Whether the text can begin an object or array of spans: not the "[INFO]" of a log. True if what
// follows the bracket is not known yet.
bool CanBeginJson(std::string_view text);

// Whether a line opens a value and holds nothing else, which no line of JSON lines does.
bool OpensDocument(std::string_view line);

// The size of a terminal's colour code ("\x1B[32m") at the start; 0 if there is none.
std::size_t ColourCodeSize(std::string_view text);

// The text without white space and colour codes at both ends.
std::string_view TrimLine(std::string_view text);

}  // namespace halo
