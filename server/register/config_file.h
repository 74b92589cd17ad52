// SPDX-License-Identifier: MIT
// A configuration file that other programs also read and write. Any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"

namespace halo {

// The content; absent if the file does not exist. At most 64 MB.
Result<std::optional<std::string>> ReadConfigFile(const std::string& path);

// Atomically replaces the content `before` by `text`. Fails if the file does not, or no longer,
// contain `before`. Follows symbolic links, keeps permissions and creates missing folders.
Result<void> ReplaceConfigFile(const std::string& path, const std::optional<std::string>& before,
                               const std::string& text);

}  // namespace halo
