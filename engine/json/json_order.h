// SPDX-License-Identifier: MIT
// Pure function; any thread.
#pragma once

#include <string>
#include <string_view>

namespace halo {

// The text with the members of each JSON object in it sorted by key and without the white space
// around its marks, so that two prints of one body are equal. Takes Python's prints of dictionaries
// too. What is not a balanced object or array stays as it is, and so does what is nested deeper
// than 32.
std::string OrderJson(std::string_view text);

}  // namespace halo
