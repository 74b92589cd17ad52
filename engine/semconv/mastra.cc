// SPDX-License-Identifier: MIT
// Mastra's OpenTelemetry exporter: https://mastra.ai/docs/observability. A step holds the prompt
// and the answer, the inference inside it the tokens.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"mastra.span.type", Field::kKind},
    {"mastra.agent_run.input", Field::kInput},
    {"mastra.agent_run.output", Field::kOutput},
    {"mastra.workflow_run.input", Field::kInput},
    {"mastra.workflow_run.output", Field::kOutput},
    {"mastra.workflow_step.input", Field::kInput},
    {"mastra.workflow_step.output", Field::kOutput},
    {"mastra.model_generation.input", Field::kInput},
    {"mastra.model_generation.output", Field::kOutput},
    {"mastra.model_step.input", Field::kInput},
    {"mastra.model_step.output", Field::kOutput},
    {"mastra.model_inference.input", Field::kInput},
    {"mastra.model_inference.output", Field::kOutput},
    {"mastra.tool_call.input", Field::kInput},
    {"mastra.tool_call.output", Field::kOutput},
    {"mastra.mcp_tool_call.input", Field::kInput},
    {"mastra.mcp_tool_call.output", Field::kOutput},
};

// Where it is itself the model call, model_generation has the operation "chat", which outranks it.
constexpr KindWord kKinds[] = {
    {"agent_run", Kind::kAgent},     {"model_generation", Kind::kChain},
    {"model_step", Kind::kChain},    {"model_inference", Kind::kLlm},
    {"model_chunk", Kind::kSpan},    {"tool_call", Kind::kTool},
    {"mcp_tool_call", Kind::kTool},  {"workflow_run", Kind::kChain},
    {"workflow_step", Kind::kChain},
};

constexpr PrefixRule kPrefixes[] = {
    {"mastra.metadata.", Field::kMetadata},
};

}  // namespace

extern constexpr Convention kMastra{
    .name = "mastra", .keys = kKeys, .prefixes = kPrefixes, .kinds = kKinds};

}  // namespace halo
