// SPDX-License-Identifier: MIT
// A configuration file that others read and write as well. Any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"

namespace halo {

// Its bytes; nothing where there is no file. At most 64 MB.
Result<std::optional<std::string>> ReadConfigFile(const std::string& path);

// Puts `text` in the place of `before` in one step: who reads sees all of the one or of the other.
// A symbolic link stays and its target changes; permissions are kept; folders are made. Refused
// where the file is not, or no longer, as `before` says.
Result<void> ReplaceConfigFile(const std::string& path, const std::optional<std::string>& before,
                               const std::string& text);

}  // namespace halo
