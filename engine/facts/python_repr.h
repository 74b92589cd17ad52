// SPDX-License-Identifier: MIT
// Converts Python's prints of values, such as {'error': 'x', 'ok': False}, which many
// instrumentations record.
#pragma once

#include <string_view>

#include "engine/json/arena.h"

namespace halo {

// The print of a Python value as JSON, in the arena. Any other text becomes text that is usually
// not valid JSON, so parse the result.
std::string_view JsonOfPythonRepr(std::string_view text, Arena& arena);

}  // namespace halo
