// SPDX-License-Identifier: MIT
// Behaviours as people write them in filters: a word of the kind, then what it needs, as in "calls
// search", "calls_often 4 search", "then search > answer", "turns 8", "no_calls". Pure functions;
// any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/model/behaviour.h"

namespace halo {

std::string BehaviourName(const Behaviour& behaviour);
// The error says what was expected, and names the nearest kind.
Result<Behaviour> ParseBehaviourName(std::string_view text);

}  // namespace halo
