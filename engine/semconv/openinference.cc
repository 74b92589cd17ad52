// SPDX-License-Identifier: MIT
// OpenInference: https://github.com/Arize-ai/openinference/tree/main/spec
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"openinference.span.kind", Field::kKind},
    {"openinference.project.name", Field::kProject},
    {"session.id", Field::kSession},
    {"user.id", Field::kUser},
    {"tag.tags", Field::kTags},
    {"metadata", Field::kMetadata},
    {"agent.name", Field::kAgent},
    {"agent.id", Field::kAgentId},
    {"graph.node.name", Field::kAgent},
    {"graph.node.id", Field::kAgent},

    {"llm.provider", Field::kProvider},
    {"llm.system", Field::kProvider},
    {"llm.request.model_name", Field::kRequestModel},
    {"llm.response.model_name", Field::kResponseModel},
    {"llm.model_name", Field::kRequestModel},
    {"llm.model_name", Field::kResponseModel},
    {"embedding.model_name", Field::kRequestModel},
    {"reranker.model_name", Field::kRequestModel},

    {"llm.token_count.prompt", Field::kInputTokens},
    {"llm.token_count.completion", Field::kOutputTokens},
    {"llm.token_count.total", Field::kTotalTokens},
    {"llm.token_count.prompt_details.cache_read", Field::kCacheReadTokens},
    {"llm.token_count.prompt_details.cache_input", Field::kCacheReadTokens},
    {"llm.token_count.prompt_details.cache_write", Field::kCacheWriteTokens},
    {"llm.token_count.completion_details.reasoning", Field::kReasoningTokens},
    {"llm.cost.total", Field::kCostUsd},
    {"llm.cost.prompt", Field::kInputCostUsd},
    {"llm.cost.completion", Field::kOutputCostUsd},

    {"tool.name", Field::kTool},
    {"tool_call.function.name", Field::kTool},
    {"tool.id", Field::kToolCallId},
    {"tool_call.id", Field::kToolCallId},
    {"input.value", Field::kInput},
    {"tool_call.function.arguments", Field::kInput},
    {"output.value", Field::kOutput},
    {"llm.input_messages", Field::kMessagesIn},
    {"llm.output_messages", Field::kMessagesOut},
    {"llm.tools", Field::kTools},
    {"llm.finish_reason", Field::kFinishReason},
};

constexpr KindWord kKinds[] = {
    {"llm", Kind::kLlm},
    {"agent", Kind::kAgent},
    {"tool", Kind::kTool},
    {"chain", Kind::kChain},
    {"retriever", Kind::kRetriever},
    {"reranker", Kind::kReranker},
    {"embedding", Kind::kEmbedding},
    {"guardrail", Kind::kGuardrail},
    {"evaluator", Kind::kEvaluator},
    {"prompt", Kind::kPrompt},
};

constexpr FlatList kIn = FlatList::kMessagesIn;
constexpr FlatList kOut = FlatList::kMessagesOut;
constexpr FlatRule kFlat[] = {
    {"llm.input_messages.#.message.role", kIn, FlatPart::kRole},
    {"llm.input_messages.#.message.content", kIn, FlatPart::kContent},
    {"llm.input_messages.#.message.contents.#.message_content.text", kIn, FlatPart::kContent},
    {"llm.input_messages.#.message.contents.#.message_content.type", kIn, FlatPart::kContentType},
    {"llm.input_messages.#.message.tool_call_id", kIn, FlatPart::kToolCallId},
    {"llm.input_messages.#.message.function_call_name", kIn, FlatPart::kCallName},
    {"llm.input_messages.#.message.function_call_arguments_json", kIn, FlatPart::kCallArguments},
    {"llm.input_messages.#.message.tool_calls.#.tool_call.id", kIn, FlatPart::kCallId},
    {"llm.input_messages.#.message.tool_calls.#.tool_call.function.name", kIn, FlatPart::kCallName},
    {"llm.input_messages.#.message.tool_calls.#.tool_call.function.arguments", kIn,
     FlatPart::kCallArguments},
    {"llm.prompts.#.prompt.text", kIn, FlatPart::kContent},

    {"llm.output_messages.#.message.role", kOut, FlatPart::kRole},
    {"llm.output_messages.#.message.content", kOut, FlatPart::kContent},
    {"llm.output_messages.#.message.contents.#.message_content.text", kOut, FlatPart::kContent},
    {"llm.output_messages.#.message.contents.#.message_content.type", kOut, FlatPart::kContentType},
    {"llm.output_messages.#.message.tool_call_id", kOut, FlatPart::kToolCallId},
    {"llm.output_messages.#.message.finish_reason", kOut, FlatPart::kFinishReason},
    {"llm.output_messages.#.message.function_call_name", kOut, FlatPart::kCallName},
    {"llm.output_messages.#.message.function_call_arguments_json", kOut, FlatPart::kCallArguments},
    {"llm.output_messages.#.message.tool_calls.#.tool_call.id", kOut, FlatPart::kCallId},
    {"llm.output_messages.#.message.tool_calls.#.tool_call.function.name", kOut,
     FlatPart::kCallName},
    {"llm.output_messages.#.message.tool_calls.#.tool_call.function.arguments", kOut,
     FlatPart::kCallArguments},
    {"llm.choices.#.completion.text", kOut, FlatPart::kContent},

    {"llm.tools.#.tool.json_schema", FlatList::kTools, FlatPart::kToolDefinition},
    {"llm.tools.#.tool.name", FlatList::kTools, FlatPart::kToolName},
};

// From the sources of the instrumentations: those for Anthropic and LangChain add the cached tokens
// to the prompt count; that of the Claude Agent SDK writes the API's raw input_tokens, which
// excludes them.
constexpr ScopeRule kScopes[] = {
    {"openinference.instrumentation.claude_agent_sdk", false, true},
    {"@arizeai/openinference-instrumentation-claude-agent-sdk", false, true},
    {"openinference.instrumentation.anthropic", true},
    {"openinference.instrumentation.langchain", true},
};

}  // namespace

extern constexpr Convention kOpenInference{
    .name = "openinference", .keys = kKeys, .kinds = kKinds, .flat = kFlat, .scopes = kScopes};

}  // namespace halo
