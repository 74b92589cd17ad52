// SPDX-License-Identifier: MIT
// Chat messages as JSON in the shapes that emitters write: OpenTelemetry GenAI parts, OpenAI chat
// and responses, Anthropic blocks, Gemini contents, Vercel AI SDK, LangChain. Also reads whole
// requests and responses, and JSON inside JSON strings.
#pragma once

#include <string_view>
#include <vector>

#include "engine/json/json_tree.h"
#include "engine/model/span_fields.h"

namespace halo {

// Appends the messages in `text`. Text that is not JSON of messages becomes one message of `role`,
// so that nothing recorded is lost; empty text adds none. Texts are views of `text`, or of `json`
// until its Reset.
void ReadMessages(std::string_view text, std::string_view role, JsonTrees& json,
                  std::vector<Message>& out);

// Appends the calls of a JSON list of tool calls.
void ReadToolCalls(std::string_view text, JsonTrees& json, std::vector<ToolCall>& out);

// "human" is "user", "model" and "ai" are "assistant", "function" is "tool".
std::string_view CanonicalRole(std::string_view role);

}  // namespace halo
