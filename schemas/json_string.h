// SPDX-License-Identifier: MIT
// Escapes text for JSON. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

// Appends `text` as the content of a JSON string, without the quotes. Only quotes, backslashes and
// control characters are escaped.
void AppendJsonEscaped(std::string_view text, std::string& out);

// The same, with the quotes.
void AppendJsonString(std::string_view text, std::string& out);

// The number of bytes that AppendJsonString appends.
std::size_t JsonStringBytes(std::string_view text);

}  // namespace halo
