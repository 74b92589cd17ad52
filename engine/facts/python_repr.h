// SPDX-License-Identifier: MIT
// Python prints a dict as {'error': 'x', 'ok': False}; many instrumentations record that.
#pragma once

#include <string_view>

#include "engine/json/arena.h"

namespace halo {

// The print of a Python value as JSON, in the arena. What is not such a print becomes text that is
// not JSON either.
std::string_view JsonOfPythonRepr(std::string_view text, Arena& arena);

}  // namespace halo
