// SPDX-License-Identifier: MIT
// Usage, cost and model of emitters with keys of their own: Claude Code, Codex, Vercel AI SDK,
// Langfuse, MLflow, LangSmith, Google ADK, Genkit, Strands.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    // Claude Code; its input count excludes cached tokens.
    {"input_tokens", Field::kFreshInputTokens},
    {"output_tokens", Field::kOutputTokens},
    {"cache_read_tokens", Field::kCacheReadTokens},
    {"cache_read_input_tokens", Field::kCacheReadTokens},
    {"cache_creation_tokens", Field::kCacheWriteTokens},
    {"cache_creation_input_tokens", Field::kCacheWriteTokens},
    {"cost_usd", Field::kCostUsd},
    {"total_cost_usd", Field::kCostUsd},
    // Codex
    {"input_token_count", Field::kInputTokens},
    {"output_token_count", Field::kOutputTokens},
    {"cached_token_count", Field::kCacheReadTokens},
    {"reasoning_token_count", Field::kReasoningTokens},
    {"prompt_tokens", Field::kInputTokens},
    {"completion_tokens", Field::kOutputTokens},
    {"total_tokens", Field::kTotalTokens},

    {"gen_ai.usage", Field::kUsageJson},
    {"gen_ai.usage.details", Field::kUsageJson},
    {"gen_ai.usage.input_token_details", Field::kUsageJson},
    {"gen_ai.usage.input_tokens_details", Field::kUsageJson},
    {"gen_ai.usage.output_token_details", Field::kUsageJson},
    {"gen_ai.usage.output_tokens_details", Field::kUsageJson},
    {"gen_ai.usage.prompt_tokens_details", Field::kUsageJson},
    {"gen_ai.usage.completion_tokens_details", Field::kUsageJson},
    {"gen_ai.response.usage", Field::kUsageJson},
    {"llm.usage", Field::kUsageJson},
    {"llm.token_count", Field::kUsageJson},
    {"ai.usage", Field::kUsageJson},
    {"usage", Field::kUsageJson},
    {"usage_metadata", Field::kUsageJson},
    {"token_usage", Field::kUsageJson},
    {"langfuse.observation.usage_details", Field::kUsageJson},
    {"mlflow.chat.tokenUsage", Field::kUsageJson},
    {"ai.response.providerMetadata", Field::kUsageJson},
    {"gcp.vertex.agent.llm_response", Field::kUsageJson},
    {"genkit:output", Field::kUsageJson},

    {"langfuse.observation.cost_details", Field::kCostJson},
    {"mlflow.llm.cost", Field::kCostJson},
    {"gen_ai.cost", Field::kCostJson},
    {"llm.cost", Field::kCostJson},
    {"gen_ai.usage.cost_usd", Field::kCostUsd},
    {"gen_ai.usage.total_cost_usd", Field::kCostUsd},
    {"gen_ai.cost.total_cost", Field::kCostUsd},
    {"gen_ai.cost.total", Field::kCostUsd},
    {"llm.usage.cost", Field::kCostUsd},
    {"llm.usage.total_cost", Field::kCostUsd},
    {"usage.cost", Field::kCostUsd},
    {"gen_ai.cost.input_cost", Field::kInputCostUsd},
    {"gen_ai.cost.output_cost", Field::kOutputCostUsd},

    {"mlflow.llm.model", Field::kRequestModel},
    {"mlflow.llm.provider", Field::kProvider},
};

constexpr PrefixRule kPrefixes[] = {
    {"gen_ai.usage.", Field::kUsageJson},
    {"llm.token_count.", Field::kUsageJson},
    {"ai.usage.", Field::kUsageJson},
    {"llm.usage.", Field::kUsageJson},
    {"codex.usage.", Field::kUsageJson},
    {"gen_ai.response.usage.", Field::kUsageJson},
    {"codex.turn.token_usage.", Field::kUsageJson},
    {"usage.", Field::kUsageJson},
    {"usage_metadata.", Field::kUsageJson},
    {"token_usage.", Field::kUsageJson},
    {"langfuse.observation.usage_details.", Field::kUsageJson, true},
    {"mlflow.chat.tokenUsage.", Field::kUsageJson},
    {"gen_ai.aggregated_usage.", Field::kUsageJson},
    // Vercel's SDK writes these details since version 6, whose input includes cached tokens.
    {"ai.usage.inputTokenDetails.", Field::kInputIncludesCache},
};

constexpr std::string_view kAnthropicHosts[] = {"anthropic", "bedrock"};

// From recorded traces: Strands passes on the provider's count, which for Bedrock excludes cached
// tokens, as its total shows. Google ADK's output is Gemini's, without thoughts. Before version 6,
// Vercel's SDK passes on the counts of Anthropic's API, and computes the total itself.
constexpr ScopeRule kScopes[] = {
    {.scope = "strands.telemetry.tracer", .input_includes_cache = false},
    {.scope = "gcp.vertex.agent", .input_includes_cache = true, .output_leaves_thoughts_out = true},
    {.scope = "ai",
     .input_includes_cache = false,
     .total_leaves_cache_out = true,
     .providers = kAnthropicHosts},
};

}  // namespace

extern constexpr Convention kOtherUsage{
    .name = "usage", .keys = kKeys, .prefixes = kPrefixes, .scopes = kScopes};

}  // namespace halo
