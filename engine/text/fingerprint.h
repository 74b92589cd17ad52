// SPDX-License-Identifier: MIT
// A hash of a tool result that ignores the parts that change on every call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halo {

// Equal for results that differ only in times, durations, generated ids and white space. Other
// numbers count, so that progress is noticed. Only the first kMaskedResultBytes are masked, since
// every ingested tool result is hashed; after them every byte counts. Pure; any thread.
inline constexpr std::size_t kMaskedResultBytes = 16 << 10;
std::uint64_t ResultFingerprint(std::string_view text);

}  // namespace halo
