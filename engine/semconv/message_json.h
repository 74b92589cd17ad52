// SPDX-License-Identifier: MIT
// Chat messages and tool definitions as JSON in the shapes that emitters write: OpenTelemetry
// GenAI parts, OpenAI chat and responses, Anthropic blocks, Gemini contents, Vercel AI SDK,
// LangChain; as a whole request or response too; up to three times nested in a string.
#pragma once

#include <string_view>
#include <vector>

#include "engine/json/arena.h"
#include "engine/json/json_scratch.h"
#include "engine/model/span_fields.h"

namespace halo {

// What the texts that are read live in.
struct TextMemory {
  JsonScratch json;
  Arena arena;
};

// Appends. Text that is no message JSON becomes one message of `role`, so that nothing recorded is
// lost; empty text becomes none.
void ReadMessages(std::string_view text, std::string_view role, TextMemory& memory,
                  std::vector<Message>& out);

// Appends. Text that holds no definition adds none. What is offered without a name (hosted tools,
// an entry that is masked or cut) is added without one.
void ReadToolDefinitions(std::string_view text, TextMemory& memory,
                         std::vector<ToolDefinition>& out);

// Appends the calls of a JSON list of tool calls.
void ReadToolCalls(std::string_view text, TextMemory& memory, std::vector<ToolCall>& out);

// "human" is "user", "model" and "ai" are "assistant", "function" is "tool".
std::string_view CanonicalRole(std::string_view role);

}  // namespace halo
