// SPDX-License-Identifier: MIT
// The id of a failure mode. It depends on nothing else, so it is the same in every store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/model/finding.h"

namespace halo {

// 48 bits of XXH3 over detector, locus and signature, NUL-separated. Shown as "fm_" and 12 hex
// digits.
using ModeId = std::uint64_t;
ModeId MakeModeId(std::string_view detector, const Locus& locus, std::string_view signature);
std::string ModeIdText(ModeId id);
ModeId ParseModeId(std::string_view text);  // 0 for text that is not a mode id

}  // namespace halo
