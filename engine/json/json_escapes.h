// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/json/arena.h"
#include "engine/json/json_error.h"

namespace halo {

// Decodes what is between the quotes of a JSON string, whose first backslash is at `at`, into the
// arena; a lone surrogate becomes U+FFFD. kByteSlack readable bytes must follow `content`.
// kInvalid for an escape that JSON does not have.
JsonError DecodeJsonEscapes(std::string_view content, std::size_t at, Arena& arena,
                            std::string_view& out);

}  // namespace halo
