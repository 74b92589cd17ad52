// SPDX-License-Identifier: MIT
// Ages and sizes on the command line. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

// "30d" (units s, m, h, d, w) before `now_ns`, or an RFC 3339 time or date; in ns of Unix time. Not
// in the future.
Result<std::int64_t> ParseAge(std::string_view text, std::int64_t now_ns);

// "5GB", "1.5 GiB", "800mb", "1000000"; in bytes. KB, MB, GB, TB are powers of 1000, KiB and so on
// of 1024.
Result<std::int64_t> ParseSize(std::string_view text);

std::string SizeText(std::int64_t bytes);  // "1.5 GB"

}  // namespace halo
