// SPDX-License-Identifier: MIT
// How a JSON document is laid out, and values laid out like it. Pure; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

struct JsonLayout {
  std::string unit;     // of indentation
  std::string newline;  // "\n" or "\r\n"
};

// As the document has it; two spaces where it shows none.
JsonLayout LayoutOf(std::string_view text);

inline bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The white space before the first word of the line that holds the position.
std::string LineIndent(std::string_view text, std::size_t at);

// Whether only white space stands before the position on its line.
bool StartsLine(std::string_view text, std::size_t at);

std::string OneLineJson(const boost::json::value& value);

// Objects take a line a member, arrays one line. `indent` is that of the line it starts on.
std::string IndentedJson(const boost::json::value& value, const std::string& indent,
                         const JsonLayout& layout);

}  // namespace halo
