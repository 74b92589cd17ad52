// SPDX-License-Identifier: MIT
// Turns text that varies from run to run into text that is equal wherever the cause is equal.
// Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The signature of an error text: ids, numbers, paths, times and quoted arguments masked as
// `<kind>`; exception class names, HTTP status and exit codes kept.
std::string NormaliseError(std::string_view text);

// A span name as it stands in a locus: `Step 7` and `Step 8` are one.
std::string NormaliseName(std::string_view name);

// Equal for results that differ only in what changes on each call whatever the answer is: times,
// durations, generated ids, white space. Plain numbers count, so that progress is seen. Fast
// enough for every tool result that is ingested: behind the first bytes of a long one, which are
// more than a status is reported in, every byte counts.
inline constexpr std::size_t kMaskedResultBytes = 16 << 10;
std::uint64_t ResultFingerprint(std::string_view text);

}  // namespace halo
