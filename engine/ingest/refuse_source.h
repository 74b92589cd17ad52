// SPDX-License-Identifier: MIT
// What importing once and following share about sources. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace halo {

// A file that was imported into one project may be imported into another.
std::string KeyInProject(std::string key, const std::string& project);

// The name under which an input that could not be taken is counted.
std::string_view RefusalReason(const Error& error);

// Counts an input that could not be taken under a name that stays until it can be.
Result<void> RefuseSource(Store& store, const std::string& key, const Error& error,
                          std::string_view name, Patience patience);

}  // namespace halo
