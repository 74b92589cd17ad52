// SPDX-License-Identifier: MIT
// Comparison of model names. Pure; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether two names may denote the same model: equal except for case, a provider or region prefix
// ("openai/", "us.anthropic."), and a version, date or "latest" suffix.
bool IsSameModel(std::string_view a, std::string_view b);

}  // namespace halo
