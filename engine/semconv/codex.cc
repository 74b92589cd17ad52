// SPDX-License-Identifier: MIT
// Codex's spans. Only the last span of a model call has its counts, without the model's name, which
// the spans around it give (engine/trace). A number under thread.id is an operating-system thread.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {.key = "thread.id", .field = Field::kSession, .text_only = true},
    {"codex.usage.reasoning_output_tokens", Field::kReasoningTokens},
    {"codex.usage.total_tokens", Field::kTotalTokens},
    {"gen_ai.usage.cache_write.input_tokens", Field::kCacheWriteTokens},
    {"codex.turn.token_usage.input_tokens", Field::kInputTokens},
    {"codex.turn.token_usage.output_tokens", Field::kOutputTokens},
    {"codex.turn.token_usage.cached_input_tokens", Field::kCacheReadTokens},
    {"codex.turn.token_usage.cache_write_input_tokens", Field::kCacheWriteTokens},
    {"codex.turn.token_usage.reasoning_output_tokens", Field::kReasoningTokens},
    {"codex.turn.token_usage.total_tokens", Field::kTotalTokens},
    {"tool.call_id", Field::kToolCallId},
    {"call_id", Field::kToolCallId},
};

constexpr PresenceRule kPresences[] = {
    {"codex.turn.token_usage.total_tokens", Kind::kAgent},
    {"codex.usage.total_tokens", Kind::kLlm},
    {"codex.tool.phase", Kind::kTool},
};

constexpr NameRule kNames[] = {
    {"session_task.turn", Kind::kAgent},
};

using Use = EventRule::Use;
constexpr EventRule kEvents[] = {
    {"codex.tool_result", Use::kAttributes, ""},
};

}  // namespace

extern constexpr Convention kCodex{
    .name = "codex", .keys = kKeys, .presences = kPresences, .events = kEvents, .names = kNames};

}  // namespace halo
