// SPDX-License-Identifier: MIT
// Langfuse's SDKs, from version 3 on OpenTelemetry:
// https://langfuse.com/integrations/native/opentelemetry. A span's name is its tool's or agent's.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"langfuse.observation.type", Field::kKind},
    {"langfuse.project.id", Field::kProject},
    {"langfuse.session.id", Field::kSession},
    {"langfuse.user.id", Field::kUser},
    {"langfuse.trace.tags", Field::kTags},
    {"langfuse.environment", Field::kEnvironment},
    {"langfuse.release", Field::kVersion},
    {"langfuse.version", Field::kVersion},

    {"langfuse.experiment.item.id", Field::kTask},
    {"langfuse.dataset.item.id", Field::kTask},
    {"langfuse.dataset_item_id", Field::kTask},

    {"langfuse.observation.model.name", Field::kRequestModel},
    {"langfuse.observation.model.name", Field::kResponseModel},
    {"langfuse.observation.input", Field::kInput},
    {"langfuse.observation.output", Field::kOutput},
    {"langfuse.trace.input", Field::kInput},
    {"langfuse.trace.output", Field::kOutput},

    {"langfuse.observation.level", Field::kErrorFlag},
    {"langfuse.observation.metadata", Field::kMetadata},
    {"langfuse.trace.metadata", Field::kMetadata},
};

// "span" is what it calls a span of which it knows nothing.
constexpr KindWord kKinds[] = {
    {"generation", Kind::kLlm},      {"agent", Kind::kAgent},
    {"tool", Kind::kTool},           {"chain", Kind::kChain},
    {"retriever", Kind::kRetriever}, {"embedding", Kind::kEmbedding},
    {"evaluator", Kind::kEvaluator}, {"guardrail", Kind::kGuardrail},
};

constexpr PrefixRule kPrefixes[] = {
    {"langfuse.observation.metadata.", Field::kMetadata},
    {"langfuse.trace.metadata.", Field::kMetadata},
};

}  // namespace

extern constexpr Convention kLangfuse{
    .name = "langfuse", .keys = kKeys, .prefixes = kPrefixes, .kinds = kKinds};

}  // namespace halo
