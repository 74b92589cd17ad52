// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace halo::bench {

// Seconds that RE2 alone takes to look for a pattern in all decompressed payloads of a store, which
// are in memory, on `threads` threads. The pattern must not occur.
double SearchLimit(const std::string& store_path, const std::string& pattern, unsigned threads);

}  // namespace halo::bench
