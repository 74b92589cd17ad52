// SPDX-License-Identifier: MIT
// LangSmith's OpenTelemetry export: https://docs.langchain.com/langsmith/trace-with-opentelemetry
// gen_ai.prompt and gen_ai.completion hold the whole inputs and outputs of any run, a tool's too.
// What it calls a session is the project; a conversation is in the metadata.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"langsmith.span.kind", Field::kKind},
    {"langsmith.trace.session_name", Field::kProject},
    {"langsmith.span.tags", Field::kTags},
    {"langsmith.reference_example_id", Field::kTask},
    {"langsmith.trace.reference_example_id", Field::kTask},
    {"langsmith.usage_metadata", Field::kUsageJson},
    {"langsmith.metadata.usage_metadata", Field::kUsageJson},
    {"langsmith.metadata", Field::kMetadata},
    {"gen_ai.prompt", Field::kInput},
    {"gen_ai.completion", Field::kOutput},
};

constexpr KindWord kKinds[] = {
    {"llm", Kind::kLlm},
    {"tool", Kind::kTool},
    {"chain", Kind::kChain},
    {"retriever", Kind::kRetriever},
    {"embedding", Kind::kEmbedding},
    {"prompt", Kind::kPrompt},
    {"parser", Kind::kSpan},
};

constexpr PrefixRule kPrefixes[] = {
    {"langsmith.metadata.", Field::kMetadata},
};

}  // namespace

extern constexpr Convention kLangSmith{
    .name = "langsmith", .keys = kKeys, .prefixes = kPrefixes, .kinds = kKinds};

}  // namespace halo
