// SPDX-License-Identifier: MIT
// How far two mixes differ. Pure function; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace halo {

// Half the sum of the differences of shares: 0 for the same mix, 1 for nothing in common. 0 if a
// side is empty.
using Mix = std::map<std::string, std::int64_t>;
double TotalVariation(const Mix& before, const Mix& after);

}  // namespace halo
