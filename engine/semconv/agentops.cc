// SPDX-License-Identifier: MIT
// AgentOps, also around CrewAI and AG2: https://docs.agentops.ai. Its model calls have the keys of
// otel_genai.cc. The inputs of decorated functions are envelopes of their arguments.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"agentops.span.kind", Field::kKind},
    {"agentops.entity.name", Field::kOwnName},
    {"agentops.tags", Field::kTags},
    {"agentops.entity.input", Field::kToolEnvelope},
    {"agentops.entity.input", Field::kInput},
    {"agentops.entity.output", Field::kOutput},
    {"agentops.agent.input", Field::kInput},
    {"agentops.agent.output", Field::kOutput},
    {"agentops.task.input", Field::kInput},
    {"agentops.task.output", Field::kOutput},
    {"agentops.tool.input", Field::kToolEnvelope},
    {"agentops.tool.output", Field::kOutput},
    {"agentops.operation.input", Field::kInput},
    {"agentops.operation.output", Field::kOutput},
};

constexpr KindWord kKinds[] = {
    {"session", Kind::kChain},   {"workflow", Kind::kChain},      {"task", Kind::kChain},
    {"operation", Kind::kChain}, {"chain", Kind::kChain},         {"agent", Kind::kAgent},
    {"agentic", Kind::kAgent},   {"team", Kind::kChain},          {"llm", Kind::kLlm},
    {"tool", Kind::kTool},       {"guardrail", Kind::kGuardrail}, {"embedding", Kind::kEmbedding},
    {"unknown", Kind::kSpan},
};

}  // namespace

extern constexpr Convention kAgentOps{.name = "agentops", .keys = kKeys, .kinds = kKinds};

}  // namespace halo
