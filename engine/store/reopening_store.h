// SPDX-License-Identifier: MIT
// A store that notices when its file is deleted or replaced by another while it is open. Until
// there is one again every verb fails and says so; what takes its place is opened where that is
// safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/store/store.h"

namespace halo {

using StoreOpener = std::function<Result<std::unique_ptr<Store>>(const std::string& path)>;

Result<std::unique_ptr<Store>> OpenReopening(StoreOpener open, std::string path);

}  // namespace halo
