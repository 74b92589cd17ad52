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
  std::string_view kind;  // "api_key", ...
};

// The byte range of the first secret that begins at or after `from`. Ignores everything before
// `from`, and takes `from` for a word boundary. Finding all secrets, each from the end of the
// previous one, takes linear time for any text.
std::optional<Secret> FindSecret(std::string_view text, std::size_t from,
                                 const RedactionConfig& config);

}  // namespace halo
