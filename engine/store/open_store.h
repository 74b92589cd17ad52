// SPDX-License-Identifier: MIT
// Opens a store by its URL.
#pragma once

#include <memory>
#include <string_view>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace halo {

// `url` is "sqlite:PATH" or a plain path. Creates the folder (mode 0700) and the file (0600).
// Refuses a store of a newer program and migrates an older one in place.
Result<std::unique_ptr<Store>> OpenStore(std::string_view url);

}  // namespace halo
