// SPDX-License-Identifier: MIT
// The result of a tool without what a framework wraps it in.
#pragma once

#include "engine/json/json_tree.h"
#include "engine/model/span_fields.h"

namespace halo {

// The result inside
//   [{"json": RESULT}] or [{"type": "text", "text": RESULT}]    content with a single block
//   {"lc": 1, ..., "kwargs": {"content": RESULT}}               a message of LangChain
//   {"type": "tool", "content": RESULT}                         the same as Python prints it
//   {"output": MESSAGE}                                         the outputs of a run of LangChain
// and all of it in any other case, and of messages that say that the tool failed. Texts are views
// of the result, or of `json` until its Reset.
Located WithoutWrapping(const Located& result, JsonTrees& json);

}  // namespace halo
