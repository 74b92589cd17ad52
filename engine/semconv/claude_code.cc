// SPDX-License-Identifier: MIT
// Claude Code's traces: https://code.claude.com/docs/en/monitoring-usage
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"span.type", Field::kKind},
    {"model", Field::kRequestModel},
    {"tool_use_id", Field::kToolCallId},
    {"tool_input", Field::kToolArguments},
    {"output", Field::kOutput},
    {"user_prompt", Field::kInput},
    {"new_context", Field::kMessagesIn},
    {"response.model_output", Field::kMessagesOut},
    {"stop_reason", Field::kFinishReason},
};

// The span of a tool has an operation; those inside it are parts of the call.
constexpr KindWord kKinds[] = {
    {"interaction", Kind::kAgent},   {"llm_request", Kind::kLlm},
    {"tool.execution", Kind::kSpan}, {"tool.blocked_on_user", Kind::kSpan},
    {"hook", Kind::kSpan},
};

using Use = EventRule::Use;
constexpr EventRule kEvents[] = {
    // The result of a tool, with OTEL_LOG_TOOL_CONTENT, under the key "output".
    {"tool.output", Use::kAttributes, ""},
    {"claude_code.tool_result", Use::kAttributes, ""},  // from a log record
};

constexpr std::string_view kHumanWaits[] = {"claude_code.tool.blocked_on_user"};

}  // namespace

extern constexpr Convention kClaudeCode{.name = "claude_code",
                                        .keys = kKeys,
                                        .kinds = kKinds,
                                        .events = kEvents,
                                        .human_waits = kHumanWaits};

}  // namespace halo
