// SPDX-License-Identifier: MIT
// Tells model calls of one name apart by what they are for. The first that applies:
//   step      it asks for an action; final, if all that it asks for ends the run
//   summary   its own name, that of a span around it within its agent, its system prompt or the
//             newest message that it reads asks to shorten what was said (facts/word_lists.h)
//   planning  likewise for plans, if a later model call can carry the plan out; or it is offered no
//             tools, and the next call of the same conversation is
//   inner     a tool or another model call makes it for itself
//   final     no call of its strand follows, or the next one reads a new message of a user
//   step      else
// Pure function; linear in spans and messages; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/call_role.h"
#include "engine/trace/trace.h"

namespace halo {

struct CallPurpose {
  CallRole role = CallRole::kNone;
  // A hash of how its prompt begins: of the first 80 letters and digits of its system prompt, else
  // of its first message; of the first 24, if it has fewer than 80 (facts/text_head.h). Equal in
  // all stores. 0: not recorded, or shorter.
  std::uint32_t prompt = 0;
};

// One per span of the trace.
std::vector<CallPurpose> FindCallPurposes(const Trace& trace);

}  // namespace halo
