// SPDX-License-Identifier: MIT
// Attributes outside of any convention for agents: OpenTelemetry's general ones, and keys that
// developers use on their own spans.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {kSequenceKey, Field::kSequence},
    {kUserTurnsKey, Field::kUserTurns},
    {"service.name", Field::kService},
    {"service.version", Field::kVersion},
    {"deployment.environment.name", Field::kEnvironment},
    {"deployment.environment", Field::kEnvironment},
    {"environment", Field::kEnvironment},
    {"project.name", Field::kProject},
    {"service.namespace", Field::kProject},
    {"session_id", Field::kSession},
    {"sessionId", Field::kSession},
    // A number is the id of a thread of the process, not of a conversation.
    {.key = "thread_id", .field = Field::kSession, .text_only = true},
    {.key = "threadId", .field = Field::kSession, .text_only = true},
    {"conversation.id", Field::kSession},
    {"conversationId", Field::kSession},
    {"conversation_id", Field::kSession},
    {"enduser.id", Field::kUser},
    {"user_id", Field::kUser},
    {"userId", Field::kUser},
    {"tags", Field::kTags},
    {"agent_name", Field::kAgent},
    {"agent_id", Field::kAgentId},

    {"task.id", Field::kTask},
    {"task_id", Field::kTask},
    {"dataset.item.id", Field::kTask},
    {"dataset.item_id", Field::kTask},
    {"dataset_item_id", Field::kTask},
    {"datasetItemId", Field::kTask},
    {"dataset_example_id", Field::kTask},
    {"reference_example_id", Field::kTask},
    {"dataset.example.id", Field::kTask},
    {"example_id", Field::kTask},
    {"sample.id", Field::kTask},
    {"sample_id", Field::kTask},
    {"test_case.id", Field::kTask},
    {"test_case_id", Field::kTask},
    {"testCaseId", Field::kTask},
    {"eval.case.id", Field::kTask},
    {"test.case.name", Field::kTask},

    {"tool.arguments", Field::kToolArguments},
    {"tool.args", Field::kToolArguments},
    {"tool.args_json", Field::kToolArguments},
    {"tool.input", Field::kToolArguments},
    // The arguments, or the schema of the arguments: less trusted than any input.
    {"tool.parameters", Field::kInput},
    {"tool.result", Field::kToolResult},
    {"tool.result_json", Field::kToolResult},
    {"tool.output", Field::kToolResult},

    {"error.type", Field::kErrorType},
    {"exception.type", Field::kExceptionType},
    {"exception.message", Field::kExceptionMessage},
    {"error.message", Field::kExceptionMessage},
    {"error_message", Field::kExceptionMessage},
    {"exception.stacktrace", Field::kExceptionMessage},
    {"error", Field::kError},
    {"isError", Field::kErrorFlag},
    {"is_error", Field::kErrorFlag},
    {"tool.is_error", Field::kErrorFlag},
    {"mcp.tool.result.is_error", Field::kErrorFlag},
    {"mcp.is_error", Field::kErrorFlag},
    {"level", Field::kErrorFlag},
    {"otel.status_code", Field::kErrorFlag},

    {"tool.success", Field::kSuccess},
    {"success", Field::kSuccess},
    {"outcome", Field::kOutcome},
    {"passed", Field::kOutcome},
    {"reward", Field::kOutcome},
    {"final_reward", Field::kOutcome},
    {"env.reward", Field::kOutcome},
    {"episode.reward", Field::kOutcome},
    {"run.reward", Field::kOutcome},
    {"agent.reward", Field::kOutcome},
    {"trace.reward", Field::kOutcome},
    {"score", Field::kOutcome},
    {"result", Field::kOutcome},
    {"run.success", Field::kOutcome},
    {"run.outcome", Field::kOutcome},
    {"run.status", Field::kOutcome},
    {"run.passed", Field::kOutcome},
    {"task.success", Field::kOutcome},
    {"task.outcome", Field::kOutcome},
    {"task.status", Field::kOutcome},
    {"task.passed", Field::kOutcome},
    {"task.score", Field::kOutcome},
    {"task.reward", Field::kOutcome},
    {"agent.success", Field::kOutcome},
    {"agent.outcome", Field::kOutcome},
    {"trace.outcome", Field::kOutcome},
    {"trace.score", Field::kOutcome},
    {"eval.success", Field::kOutcome},
    {"eval.passed", Field::kOutcome},
    {"eval.outcome", Field::kOutcome},
    {"eval.result", Field::kOutcome},
    {"eval.label", Field::kOutcome},
    {"eval.score", Field::kOutcome},
    {"eval.reward", Field::kOutcome},
    {"evaluation.success", Field::kOutcome},
    {"evaluation.passed", Field::kOutcome},
    {"evaluation.result", Field::kOutcome},
    {"evaluation.label", Field::kOutcome},
    {"evaluation.score", Field::kOutcome},
    {"verdict", Field::kOutcome},
};

constexpr EventRule kEvents[] = {
    {"exception", EventRule::Use::kAttributes, ""},
    {"error", EventRule::Use::kAttributes, ""},
};

constexpr std::string_view kHumanWaits[] = {
    "AskUserQuestion",
    "ask_user",
    "ask_human",
    "human_input",
    "get_human_input",
    "request_user_input",
    "HumanInputRun",
    "ask_user_input",
    "human",
    "wait_for_approval",
    "request_approval",
    "user_input",
    "human_approval",
    "ask_followup_question",
};

}  // namespace

extern constexpr Convention kCommon{
    .name = "common", .keys = kKeys, .events = kEvents, .human_waits = kHumanWaits};

}  // namespace halo
