// SPDX-License-Identifier: MIT
// Secrets: random ones, and the file that keeps one.
#pragma once

#include <cstddef>
#include <string>

#include "engine/base/result.h"

namespace halo {

// `bytes` from the system's generator, as hex digits.
std::string RandomToken(std::size_t bytes);

// The token in the file, without white space around it. Where there is no file, one is written with
// a new token that only the owner may read; one that others may read is refused, since it is no
// secret any more.
Result<std::string> LoadOrCreateToken(const std::string& path);

}  // namespace halo
