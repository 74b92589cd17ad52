// SPDX-License-Identifier: MIT
// Escapes text for JSON. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

// Appends what belongs between the quotes of a JSON string that holds `text`. Only quotes,
// backslashes and control characters are escaped.
void AppendJsonEscaped(std::string_view text, std::string& out);

// The same with the quotes.
void AppendJsonString(std::string_view text, std::string& out);

// How many bytes AppendJsonString appends.
std::size_t JsonStringBytes(std::string_view text);

}  // namespace halo
