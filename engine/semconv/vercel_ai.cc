// SPDX-License-Identifier: MIT
// Vercel AI SDK, its own ai.* keys of versions 3 to 7:
// https://ai-sdk.dev/docs/ai-sdk-core/telemetry Version 7 also writes the keys of otel_genai.cc.
// other_usage.cc has how it counts.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"ai.operationId", Field::kKind},
    {"ai.telemetry.functionId", Field::kAgent},
    {"ai.model.provider", Field::kProvider},
    {"aisdk.model.provider", Field::kProvider},
    {"ai.response.model", Field::kResponseModel},
    {"ai.model.id", Field::kRequestModel},
    {"aisdk.model.id", Field::kRequestModel},

    {"ai.toolCall.name", Field::kTool},
    {"ai.toolCall.id", Field::kToolCallId},
    {"ai.toolCall.args", Field::kToolArguments},
    {"ai.toolCall.input", Field::kToolArguments},
    {"ai.toolCall.result", Field::kToolResult},
    {"ai.toolCall.output", Field::kToolResult},

    {"ai.prompt.messages", Field::kMessagesIn},
    {"ai.prompt", Field::kMessagesIn},
    {"ai.prompt.tools", Field::kTools},
    {"ai.response.text", Field::kOutput},
    {"ai.response.object", Field::kOutput},
    {"ai.response.toolCalls", Field::kOutput},
    {"ai.result.text", Field::kOutput},
    {"ai.result.object", Field::kOutput},
    {"ai.result.toolCalls", Field::kOutput},
    {"ai.response.finishReason", Field::kFinishReason},
    {"ai.finishReason", Field::kFinishReason},
};

// The outer spans run the loop of calls and tools.
constexpr KindWord kKinds[] = {
    {"ai.generatetext", Kind::kAgent},
    {"ai.streamtext", Kind::kAgent},
    {"ai.generateobject", Kind::kAgent},
    {"ai.streamobject", Kind::kAgent},
    {"ai.generatetext.dogenerate", Kind::kLlm},
    {"ai.streamtext.dostream", Kind::kLlm},
    {"ai.generateobject.dogenerate", Kind::kLlm},
    {"ai.streamobject.dostream", Kind::kLlm},
    {"ai.toolcall", Kind::kTool},
    {"ai.embed.doembed", Kind::kEmbedding},
    {"ai.embedmany.doembed", Kind::kEmbedding},
    {"ai.rerank.dorerank", Kind::kReranker},
    {"ai.embed", Kind::kSpan},
    {"ai.embedmany", Kind::kSpan},
    {"ai.rerank", Kind::kSpan},
};

constexpr PrefixRule kPrefixes[] = {
    {"ai.telemetry.metadata.", Field::kMetadata},
    {"ai.settings.context.", Field::kMetadata},
};

constexpr FlatList kOut = FlatList::kMessagesOut;
constexpr FlatRule kFlat[] = {
    {"ai.response.text", kOut, FlatPart::kContent},
    {"ai.response.object", kOut, FlatPart::kContent},
    {"ai.response.toolCalls", kOut, FlatPart::kCalls},
    {"ai.result.text", kOut, FlatPart::kContent},
    {"ai.result.object", kOut, FlatPart::kContent},
    {"ai.result.toolCalls", kOut, FlatPart::kCalls},
};

}  // namespace

extern constexpr Convention kVercelAi{
    .name = "vercel_ai", .keys = kKeys, .prefixes = kPrefixes, .kinds = kKinds, .flat = kFlat};

}  // namespace halo
