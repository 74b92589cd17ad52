// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace halo {

// Whether two names may be of one model: equal but for case, provider or region in front
// ("openai/", "us.anthropic."), and version, date or "latest" at the end.
bool IsSameModel(std::string_view a, std::string_view b);

}  // namespace halo
