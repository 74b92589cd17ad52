// SPDX-License-Identifier: MIT
// Whether an answer apologises, or says that something cannot be done. Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

bool Apologises(std::string_view text);
bool SaysCannot(std::string_view text);

}  // namespace halo
