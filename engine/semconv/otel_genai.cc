// SPDX-License-Identifier: MIT
// OpenTelemetry semantic conventions for generative AI and MCP, new and deprecated keys:
// https://github.com/open-telemetry/semantic-conventions-genai
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"gen_ai.operation.name", Field::kKind},
    {"mcp.method.name", Field::kKind},
    {"gen_ai.conversation.id", Field::kSession},
    {"gen_ai.agent.name", Field::kAgent},
    {"gen_ai.agent.id", Field::kAgentId},
    {"gen_ai.agent.version", Field::kVersion},
    {"gen_ai.user", Field::kUser},

    {"gen_ai.provider.name", Field::kProvider},
    {"gen_ai.system", Field::kProvider},
    {"gen_ai.request.model", Field::kRequestModel},
    {"gen_ai.response.model", Field::kResponseModel},

    {"gen_ai.usage.input_tokens", Field::kInputTokens},
    {"gen_ai.usage.prompt_tokens", Field::kInputTokens},
    {"gen_ai.usage.output_tokens", Field::kOutputTokens},
    {"gen_ai.usage.completion_tokens", Field::kOutputTokens},
    {"gen_ai.usage.total_tokens", Field::kTotalTokens},
    {"gen_ai.usage.cache_read.input_tokens", Field::kCacheReadTokens},
    {"gen_ai.usage.cache_read_input_tokens", Field::kCacheReadTokens},
    {"gen_ai.usage.details.cache_read_tokens", Field::kCacheReadTokens},
    {"gen_ai.usage.cached_input_tokens", Field::kCacheReadTokens},
    {"gen_ai.usage.cache_creation.input_tokens", Field::kCacheWriteTokens},
    {"gen_ai.usage.cache_creation_input_tokens", Field::kCacheWriteTokens},
    {"gen_ai.usage.details.cache_write_tokens", Field::kCacheWriteTokens},
    {"gen_ai.usage.reasoning.output_tokens", Field::kReasoningTokens},
    {"gen_ai.usage.reasoning_tokens", Field::kReasoningTokens},
    {"gen_ai.usage.details.reasoning_tokens", Field::kReasoningTokens},
    {"gen_ai.usage.cost", Field::kCostUsd},
    {"gen_ai.usage.total_cost", Field::kCostUsd},
    {"operation.cost", Field::kCostUsd},
    {"gen_ai.usage.input_cost", Field::kInputCostUsd},
    {"gen_ai.usage.output_cost", Field::kOutputCostUsd},

    {"gen_ai.tool.name", Field::kTool},
    {"mcp.tool.name", Field::kTool},
    {"gen_ai.tool.call.id", Field::kToolCallId},
    {"gen_ai.tool.call.arguments", Field::kToolArguments},
    {"tool_arguments", Field::kToolArguments},
    {"gen_ai.tool.call.result", Field::kToolResult},
    {"tool_response", Field::kToolResult},
    {"gen_ai.tool.definitions", Field::kTools},

    {"gen_ai.input.messages", Field::kMessagesIn},
    {"gen_ai.prompt", Field::kMessagesIn},
    {"gen_ai.system_instructions", Field::kSystemPrompt},
    {"gen_ai.output.messages", Field::kMessagesOut},
    {"gen_ai.completion", Field::kMessagesOut},
    {"final_result", Field::kMessagesOut},  // of Pydantic AI's agents
    {"gen_ai.response.finish_reasons", Field::kFinishReason},
    {"gen_ai.response.finish_reason", Field::kFinishReason},
};

constexpr KindWord kKinds[] = {
    {"chat", Kind::kLlm},
    {"text_completion", Kind::kLlm},
    {"generate_content", Kind::kLlm},
    {"completion", Kind::kLlm},
    // Semantic Kernel
    {"chat.completions", Kind::kLlm},
    {"text.completions", Kind::kLlm},
    {"chat.streaming_completions", Kind::kLlm},
    {"text.streaming_completions", Kind::kLlm},
    {"embeddings", Kind::kEmbedding},
    {"retrieval", Kind::kRetriever},
    {"execute_tool", Kind::kTool},
    {"invoke_agent", Kind::kAgent},
    {"invoke_workflow", Kind::kChain},
    {"agent_step", Kind::kChain},
    {"plan", Kind::kChain},
    {"create_agent", Kind::kSpan},
    {"tools/call", Kind::kTool},
};

constexpr FlatList kIn = FlatList::kMessagesIn;
constexpr FlatList kOut = FlatList::kMessagesOut;
constexpr FlatRule kFlat[] = {
    {"gen_ai.prompt.#.role", kIn, FlatPart::kRole},
    {"gen_ai.prompt.#.content", kIn, FlatPart::kContent},
    {"gen_ai.prompt.#.tool_call_id", kIn, FlatPart::kToolCallId},
    {"gen_ai.prompt.#.tool_calls.#.id", kIn, FlatPart::kCallId},
    {"gen_ai.prompt.#.tool_calls.#.name", kIn, FlatPart::kCallName},
    {"gen_ai.prompt.#.tool_calls.#.arguments", kIn, FlatPart::kCallArguments},
    {"gen_ai.completion.#.role", kOut, FlatPart::kRole},
    {"gen_ai.completion.#.content", kOut, FlatPart::kContent},
    {"gen_ai.completion.#.finish_reason", kOut, FlatPart::kFinishReason},
    {"gen_ai.completion.#.tool_calls.#.id", kOut, FlatPart::kCallId},
    {"gen_ai.completion.#.tool_calls.#.name", kOut, FlatPart::kCallName},
    {"gen_ai.completion.#.tool_calls.#.arguments", kOut, FlatPart::kCallArguments},
};

using Use = EventRule::Use;
constexpr EventRule kEvents[] = {
    {"gen_ai.client.inference.operation.details", Use::kAttributes, ""},
    {"gen_ai.content.prompt", Use::kAttributes, ""},
    {"gen_ai.content.completion", Use::kAttributes, ""},
    {"gen_ai.system.message", Use::kMessageIn, "system"},
    {"gen_ai.user.message", Use::kMessageIn, "user"},
    {"gen_ai.assistant.message", Use::kMessageIn, "assistant"},
    {"gen_ai.tool.message", Use::kMessageIn, "tool"},
    {"gen_ai.choice", Use::kMessageOut, "assistant"},
};

constexpr NameRule kNames[] = {
    {"execute_tool ", Kind::kTool},
    {"invoke_agent ", Kind::kAgent},
    {"chat ", Kind::kLlm},
    {"tools/call ", Kind::kTool},
};

}  // namespace

extern constexpr Convention kOtelGenAi{.name = "otel_genai",
                                       .keys = kKeys,
                                       .kinds = kKinds,
                                       .flat = kFlat,
                                       .events = kEvents,
                                       .names = kNames};

}  // namespace halo
