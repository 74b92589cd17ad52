// SPDX-License-Identifier: MIT
// OpenLLMetry (Traceloop): https://github.com/traceloop/openllmetry. Its model calls have the keys
// of otel_genai.cc, and llm.* for what that did not have yet.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"traceloop.span.kind", Field::kKind},
    {"llm.request.type", Field::kKind},
    {"traceloop.entity.name", Field::kOwnName},
    {"traceloop.entity.version", Field::kVersion},
    {"llm.user", Field::kUser},
    {"llm.vendor", Field::kProvider},
    {"llm.request.model", Field::kRequestModel},
    {"llm.response.model", Field::kResponseModel},
    {"traceloop.entity.input", Field::kToolEnvelope},
    {"traceloop.entity.input", Field::kInput},
    {"traceloop.entity.output", Field::kOutput},
    {"llm.response.finish_reason", Field::kFinishReason},
    {"llm.response.stop_reason", Field::kFinishReason},
    {"gen_ai.response.stop_reason", Field::kFinishReason},
};

constexpr KindWord kKinds[] = {
    {"workflow", Kind::kChain},      {"task", Kind::kChain},      {"agent", Kind::kAgent},
    {"tool", Kind::kTool},           {"chat", Kind::kLlm},        {"completion", Kind::kLlm},
    {"embedding", Kind::kEmbedding}, {"rerank", Kind::kReranker},
};

constexpr PrefixRule kPrefixes[] = {
    {"traceloop.association.properties.", Field::kMetadata},
};

constexpr FlatList kIn = FlatList::kMessagesIn;
constexpr FlatList kOut = FlatList::kMessagesOut;
constexpr FlatRule kFlat[] = {
    {"llm.prompts.#.role", kIn, FlatPart::kRole},
    {"llm.prompts.#.content", kIn, FlatPart::kContent},
    {"llm.completions.#.role", kOut, FlatPart::kRole},
    {"llm.completions.#.content", kOut, FlatPart::kContent},
    {"llm.completions.#.finish_reason", kOut, FlatPart::kFinishReason},
    {"llm.request.functions.#.name", FlatList::kTools, FlatPart::kToolName},
    {"llm.request.functions.#.parameters", FlatList::kTools, FlatPart::kToolParameters},
};

}  // namespace

extern constexpr Convention kTraceloop{
    .name = "traceloop", .keys = kKeys, .prefixes = kPrefixes, .kinds = kKinds, .flat = kFlat};

}  // namespace halo
