// SPDX-License-Identifier: MIT
// What counts as a secret, and where one stands in a text. Pure functions; any thread.
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

// The first secret that begins at or after `from`. Nothing before `from` is looked at: to the
// left of it stands a boundary, as if the last secret had been replaced. Calling again from each
// secret's end takes time linear in the text, whatever it holds.
std::optional<Secret> FindSecret(std::string_view text, std::size_t from,
                                 const RedactionConfig& config);

}  // namespace halo
