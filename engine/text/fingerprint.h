// SPDX-License-Identifier: MIT
// A hash of a result without what changes on each call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halo {

// Equal for results that differ only in what changes on each call whatever the answer is: times,
// durations, generated ids, white space. Plain numbers count, so that progress is seen. Fast
// enough for every tool result that is ingested: behind the first bytes of a long one, which are
// more than a status is reported in, every byte counts.
inline constexpr std::size_t kMaskedResultBytes = 16 << 10;
std::uint64_t ResultFingerprint(std::string_view text);

}  // namespace halo
