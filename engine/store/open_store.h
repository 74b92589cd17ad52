// SPDX-License-Identifier: MIT
// Opens a store by its URL.
#pragma once

#include <memory>
#include <string_view>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace halo {

// `url` is "sqlite:PATH" or a plain path. Creates the folder (0700) and file (0600). A store made
// by a newer program is refused, an older one is migrated in place.
Result<std::unique_ptr<Store>> OpenStore(std::string_view url);

}  // namespace halo
