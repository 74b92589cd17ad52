// SPDX-License-Identifier: MIT
// Codex's events: https://developers.openai.com/codex/config-advanced#observability-and-telemetry
// A record does not say to which turn it belongs, so a conversation is one trace.
#include "engine/importers/log_dialect.h"

namespace halo {
namespace {

constexpr LogKey kPromptText[] = {{"prompt", "content"}};

// Only the second of two records about a completed response has counts. Cached and reasoning tokens
// are parts of the others.
constexpr LogKey kCallKeys[] = {
    {"model", "gen_ai.response.model"},
    {"input_token_count", "gen_ai.usage.input_tokens", LogCopy::kCount},
    {"output_token_count", "gen_ai.usage.output_tokens", LogCopy::kCount},
    {"cached_token_count", "gen_ai.usage.cache_read.input_tokens", LogCopy::kCount},
    {"cache_write_token_count", "gen_ai.usage.cache_creation.input_tokens", LogCopy::kCount},
    {"reasoning_token_count", "gen_ai.usage.reasoning.output_tokens", LogCopy::kCount},
};

constexpr LogKey kFailedCallKeys[] = {
    {"model", "gen_ai.response.model"},
    {"http.response.status_code", "http.response.status_code"},
    {"error.message", "exception.message", LogCopy::kFailure},
};

constexpr LogKey kToolKeys[] = {
    {"tool_name", "gen_ai.tool.name"},
    {"call_id", "gen_ai.tool.call.id"},
};

// What the tool itself returned follows a line with the time that it took.
constexpr LogKey kResultKeys[] = {
    {"arguments", "gen_ai.tool.call.arguments"},
    {"output", "gen_ai.tool.call.result", LogCopy::kAfter, "\nOutput:\n"},
    {"success", "error.type", LogCopy::kFailure},
    {"output", "exception.message", LogCopy::kError, "\nOutput:"},
};

constexpr LogEventRule kEvents[] = {
    {"user_prompt", LogPart::kPrompt, {}, kPromptText},
    {"sse_event", LogPart::kCall, kCallKeys, {}, "input_token_count"},
    {"api_request", LogPart::kCall, kFailedCallKeys, {}, "error.message"},
    {"tool_decision", LogPart::kChoice, kToolKeys},
    {"tool_result", LogPart::kTool, kToolKeys, kResultKeys},
};

// The agent is "/root" or a path below it; the model is an attribute of the span.
constexpr std::string_view kLeftOut[] = {"agent_name", "model", "slug"};

}  // namespace

extern constexpr LogDialect kCodexLogs{.name = "codex",
                                       .prefix = "codex.",
                                       .scope = "codex_otel",
                                       .session = "conversation.id",
                                       .turn = {},
                                       .call_id = "call_id",
                                       .duration_ms = "duration_ms",
                                       .turn_name = "codex.turn",
                                       .call_name = "codex.model_call",
                                       .spans_repeat_records = true,
                                       .events = kEvents,
                                       .left_out = kLeftOut};

}  // namespace halo
