// SPDX-License-Identifier: MIT
// What a run did, in words. Pure; any thread.
#pragma once

#include "engine/model/behaviour.h"
#include "schemas/trace_text.h"

namespace halo {

// "calls search at least 5 times"
Prose BehaviourProse(const Behaviour& what);

}  // namespace halo
