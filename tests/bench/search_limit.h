// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace halo::bench {

// Seconds that RE2 alone needs to search all payloads of a store, decompressed in memory, on
// `threads` threads. The pattern must not occur in them.
double SearchLimit(const std::string& store_path, const std::string& pattern, unsigned threads);

}  // namespace halo::bench
