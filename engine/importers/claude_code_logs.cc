// SPDX-License-Identifier: MIT
// Claude Code's events: https://code.claude.com/docs/en/monitoring-usage
#include "engine/importers/log_dialect.h"

namespace halo {
namespace {

constexpr LogKey kPromptText[] = {{"prompt", "content"}};
constexpr LogKey kAnswerText[] = {{"response", "content"}};

// input_tokens are without those that were read from and written to the cache.
constexpr LogKey kCallKeys[] = {
    {"model", "gen_ai.response.model"},
    {"input_tokens", "gen_ai.usage.input_tokens", LogCopy::kCount},
    {"cache_read_tokens", "gen_ai.usage.input_tokens", LogCopy::kCount},
    {"cache_creation_tokens", "gen_ai.usage.input_tokens", LogCopy::kCount},
    {"output_tokens", "gen_ai.usage.output_tokens", LogCopy::kCount},
    {"cache_read_tokens", "gen_ai.usage.cache_read.input_tokens", LogCopy::kCount},
    {"cache_creation_tokens", "gen_ai.usage.cache_creation.input_tokens", LogCopy::kCount},
    {"cost_usd", "gen_ai.usage.cost"},
};

constexpr LogKey kFailedCallKeys[] = {
    {"model", "gen_ai.response.model"},
    {"status_code", "http.response.status_code"},
    {"error", "exception.message", LogCopy::kFailure},
};

// A tool of an MCP server is called mcp_tool; its own name is in the parameters.
constexpr LogKey kToolKeys[] = {
    {"tool_parameters", "gen_ai.tool.name", LogCopy::kMember, "mcp_tool_name"},
    {"tool_name", "gen_ai.tool.name"},
    {"tool_use_id", "gen_ai.tool.call.id"},
};

constexpr LogKey kResultKeys[] = {
    {"tool_input", "gen_ai.tool.call.arguments"},
    {"error_type", "error.type"},
    {"success", "error.type", LogCopy::kFailure},
    {"error", "exception.message", LogCopy::kError},
};

constexpr LogEventRule kEvents[] = {
    {"user_prompt", LogPart::kPrompt, {}, kPromptText},
    {"assistant_response", LogPart::kAnswer, {}, kAnswerText},
    {"api_request", LogPart::kCall, kCallKeys},
    {"api_error", LogPart::kCall, kFailedCallKeys},
    {"tool_decision", LogPart::kChoice, kToolKeys},
    {"tool_result", LogPart::kTool, kToolKeys, kResultKeys},
};

}  // namespace

extern constexpr LogDialect kClaudeCodeLogs{.name = "claude_code",
                                            .prefix = "claude_code.",
                                            .scope = "com.anthropic.claude_code",
                                            .session = "session.id",
                                            .turn = "prompt.id",
                                            .call_id = "tool_use_id",
                                            .duration_ms = "duration_ms",
                                            .turn_name = "claude_code.interaction",
                                            .call_name = "claude_code.llm_request",
                                            .span_is_turn = true,
                                            .events = kEvents};

}  // namespace halo
