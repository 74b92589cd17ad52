// SPDX-License-Identifier: MIT
// Random tokens, and the file that stores the server's bearer token. Any thread.
#pragma once

#include <cstddef>
#include <string>

#include "engine/base/result.h"

namespace halo {

// `bytes` random bytes from the system's generator, in hexadecimal. At most 256. Throws
// std::runtime_error if the system has none.
std::string RandomToken(std::size_t bytes);

// The token in the file, trimmed. If the file does not exist, it is created with a random token and
// mode 0600. A file that other users may read is refused: its token is not secret.
Result<std::string> LoadOrCreateToken(const std::string& path);

}  // namespace halo
