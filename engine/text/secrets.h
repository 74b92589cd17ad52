// SPDX-License-Identifier: MIT
// Finds secrets in text. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/model/config.h"

namespace halo {

struct Secret {
  std::size_t begin = 0, end = 0;
  std::string_view kind;   // "api_key", ...
  std::string_view quote;  // must enclose what replaces it
};

// The first secret that its surroundings give away (the name of a value, a header, an address) and
// that begins at or after `from`. Ignores everything before `from`, as if it ended
// with a word boundary. Calling this again from the end of each secret takes linear time in all,
// whatever the text contains.
std::optional<Secret> FindSecret(std::string_view text, std::size_t from,
                                 const RedactionConfig& config);

// The same for tokens that are recognised by their shape alone.
std::optional<Secret> FindShapedSecret(std::string_view text, std::size_t from);

}  // namespace halo
