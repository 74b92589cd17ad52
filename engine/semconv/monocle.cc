// SPDX-License-Identifier: MIT
// Monocle (monocle_apptrace): https://github.com/monocle2ai/monocle. span.type says what a span is,
// and its entities, by number, who takes part: of a model call the second is the model, of a
// tool's the first is the tool and the second the agent. Contents and counts are in events.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"span.type", Field::kKind},
    {"entity.1.name", Field::kOwnName},
    {"entity.2.name", Field::kPartnerName},
    {"scope.agentic.session", Field::kSession},
    // Of the events.
    {"query", Field::kInput},
    {"response", Field::kOutput},
    {"finish_reason", Field::kFinishReason},
};

// A request over MCP, and the call of a model's API by a framework, lie within the span of the tool
// or the model call.
constexpr KindWord kKinds[] = {
    {"workflow", Kind::kChain},
    {"agentic.turn", Kind::kChain},
    {"agentic.request", Kind::kChain},
    {"agentic.invocation", Kind::kAgent},
    {"agentic.tool.invocation", Kind::kTool},
    {"agentic.mcp.invocation", Kind::kSpan},
    {"agentic.delegation", Kind::kSpan},
    {"inference", Kind::kLlm},
    {"inference.framework", Kind::kLlm},
    {"inference.modelapi", Kind::kSpan},
    {"retrieval", Kind::kRetriever},
    {"embedding", Kind::kEmbedding},
    {"generic", Kind::kSpan},
    {"http.process", Kind::kSpan},
    {"http.send", Kind::kSpan},
};

using Use = EventRule::Use;
constexpr EventRule kEvents[] = {
    {"data.input", Use::kAttributes, ""},
    {"data.output", Use::kAttributes, ""},
    {"metadata", Use::kAttributes, ""},
};

// Others write span.type, too.
constexpr std::string_view kMarkers[] = {"monocle_apptrace.version", "monocle_apptrace.language",
                                         "span_source", "entity.1.type"};

}  // namespace

extern constexpr Convention kMonocle{
    .name = "monocle", .keys = kKeys, .kinds = kKinds, .events = kEvents, .markers = kMarkers};

}  // namespace halo
