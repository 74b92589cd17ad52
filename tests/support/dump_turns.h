// SPDX-License-Identifier: MIT
// The turns of a trace as text, for tests.
#pragma once

#include <string>

#include "engine/trace/trace.h"

namespace halo {

// Each turn and prompt in a line of its own, spans by their names:
//   tool search "id1" FAILED SIGNATURE: asked llm-1 #0/2 by id, seen llm-2 @3 by id; not known:
//   tools
//     value 0 from result of turn 1
//   prompt llm-2: 4 messages, 2 kept, 2 added, new from 2
//     lost tool @2, cut to @3
std::string DumpTurns(const Trace& trace);

}  // namespace halo
