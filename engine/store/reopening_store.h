// SPDX-License-Identifier: MIT
// A store that notices when its file is deleted or replaced while it is open. Every verb fails with
// a message until there is a file again, and the replacement is opened if that is safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/store/store.h"

namespace halo {

using StoreOpener = std::function<Result<std::unique_ptr<Store>>(const std::string& path)>;

Result<std::unique_ptr<Store>> OpenReopening(StoreOpener open, std::string path);

}  // namespace halo
