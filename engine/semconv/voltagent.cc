// SPDX-License-Identifier: MIT
// VoltAgent: https://voltagent.dev/observability-docs. Every span names the agent that it belongs
// to; span.type says what the span itself is.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"span.type", Field::kKind},
    {"entity.type", Field::kKind},
    {"entity.name", Field::kAgent},
    {"voltagent.conversation_id", Field::kSession},
    {"llm.model", Field::kRequestModel},
    {"ai.model.name", Field::kRequestModel},
    {"llm.messages", Field::kMessagesIn},
    {"agent.messages", Field::kMessagesIn},
    {"tool.call.id", Field::kToolCallId},
    {"ai.response.finish_reason", Field::kFinishReason},
    {"input", Field::kInput},
    {"output", Field::kOutput},
};

constexpr KindWord kKinds[] = {
    {"llm", Kind::kLlm},        {"agent", Kind::kAgent},         {"tool", Kind::kTool},
    {"memory", Kind::kSpan},    {"retriever", Kind::kRetriever}, {"embedding", Kind::kEmbedding},
    {"workflow", Kind::kChain}, {"workflow-step", Kind::kChain}, {"guardrail", Kind::kGuardrail},
    {"summary", Kind::kSpan},   {"middleware", Kind::kSpan},
};

// Others write span.type, too.
constexpr std::string_view kMarkers[] = {"entity.type", "entity.name", "entity.id",
                                         "voltagent.conversation_id"};

}  // namespace

extern constexpr Convention kVoltAgent{
    .name = "voltagent", .keys = kKeys, .kinds = kKinds, .markers = kMarkers};

}  // namespace halo
