// SPDX-License-Identifier: MIT
// The inference.* attributes of HALO's span files: https://github.com/context-labs/HALO
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"inference.observation_kind", Field::kKind},
    {"inference.project_id", Field::kProject},
    {"inference.session_id", Field::kSession},
    {"agent.workflow.group_id", Field::kSession},
    {"inference.user_id", Field::kUser},
    {"inference.agent_name", Field::kAgent},
    {"inference.agent_id", Field::kAgentId},

    {"inference.llm.provider", Field::kProvider},
    {"inference.llm.model_name", Field::kRequestModel},
    {"inference.llm.model_name", Field::kResponseModel},
    {"inference.llm.input_tokens", Field::kInputTokens},
    {"inference.llm.output_tokens", Field::kOutputTokens},
    {"inference.llm.cached_input_tokens", Field::kCacheReadTokens},
    {"llm.token_count.prompt_cached", Field::kCacheReadTokens},
    {"inference.llm.reasoning_output_tokens", Field::kReasoningTokens},
    {"llm.token_count.completion_reasoning", Field::kReasoningTokens},
    {"inference.llm.cost.total", Field::kCostUsd},
};

constexpr KindWord kKinds[] = {
    {"agent", Kind::kAgent}, {"llm", Kind::kLlm},   {"tool", Kind::kTool},
    {"chain", Kind::kChain}, {"span", Kind::kSpan}, {"guardrail", Kind::kGuardrail},
};

constexpr NameRule kNames[] = {
    {"agent.", Kind::kAgent, false},
    {"function.", Kind::kTool, false},
};

}  // namespace

extern constexpr Convention kHaloInference{
    .name = "halo_inference", .keys = kKeys, .kinds = kKinds, .names = kNames};

}  // namespace halo
