// SPDX-License-Identifier: MIT
// Genkit: https://genkit.dev/docs/observability. A flow is what runs the models and tools, as an
// agent does elsewhere.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"genkit:metadata:subtype", Field::kKind}, {"genkit:type", Field::kKind},
    {"genkit:name", Field::kOwnName},          {"genkit:sessionId", Field::kSession},
    {"genkit:input", Field::kInput},           {"genkit:output", Field::kOutput},
    {"genkit:input", Field::kTools},  // of a model: a request, which has them
};

constexpr KindWord kKinds[] = {
    {"flow", Kind::kAgent},          {"agent", Kind::kAgent},
    {"model", Kind::kLlm},           {"background-model", Kind::kLlm},
    {"tool", Kind::kTool},           {"tool.v2", Kind::kTool},
    {"retriever", Kind::kRetriever}, {"reranker", Kind::kReranker},
    {"embedder", Kind::kEmbedding},  {"evaluator", Kind::kEvaluator},
    {"prompt", Kind::kPrompt},       {"executable-prompt", Kind::kPrompt},
    {"util", Kind::kChain},          {"flowstep", Kind::kChain},
};

}  // namespace

extern constexpr Convention kGenkit{.name = "genkit", .keys = kKeys, .kinds = kKinds};

}  // namespace halo
