// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/json/arena.h"
#include "engine/json/json_error.h"

namespace halo {

// Decodes the content of a JSON string, without its quotes, into the arena; `at` is the position of
// its first backslash. A lone surrogate becomes U+FFFD. kByteSlack readable bytes must follow
// `content`. kInvalid for an escape that JSON does not have.
JsonError DecodeJsonEscapes(std::string_view content, std::size_t at, Arena& arena,
                            std::string_view& out);

}  // namespace halo
