// SPDX-License-Identifier: MIT
// Detects the layout of a JSON document and formats values to match. Pure; any thread.
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

// The layout of the document; two spaces if it shows none.
JsonLayout LayoutOf(std::string_view text);

inline bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The indentation of the line that contains the position.
std::string LineIndent(std::string_view text, std::size_t at);

// Whether the position is preceded only by white space on its line.
bool StartsLine(std::string_view text, std::size_t at);

std::string OneLineJson(const boost::json::value& value);

// One line per member of an object; arrays on one line. `indent` is that of the line where the
// value starts.
std::string IndentedJson(const boost::json::value& value, const std::string& indent,
                         const JsonLayout& layout);

}  // namespace halo
