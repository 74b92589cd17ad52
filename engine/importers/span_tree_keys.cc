// SPDX-License-Identifier: MIT
#include "engine/importers/span_tree_keys.h"

#include <algorithm>
#include <iterator>

#include "engine/importers/tree_span_reader.h"

namespace halo {
namespace {

using Use = SpanTreeUse;

constexpr SpanTreeRow kRows[] = {
    {"traceid", Use::kTraceId},
    {"spanid", Use::kSpanId},
    {"id", Use::kSomeId},
    {"uuid", Use::kSomeId},
    {"parentspanid", Use::kParent},
    {"parentid", Use::kParent},
    {"parentuuid", Use::kParent},
    {"name", Use::kName},
    {"spanname", Use::kName},
    {"operationname", Use::kName},
    {"kind", Use::kKind},
    {"spankind", Use::kKind},
    {"spantype", Use::kKind},
    {"type", Use::kKind},
    {"starttime", Use::kStart},
    {"starttimeunixnano", Use::kStart},
    {"starttimeunixns", Use::kStart},
    {"starttimeunixms", Use::kStart},
    {"starttimems", Use::kStart},
    {"starttimemillis", Use::kStart},
    {"starttimens", Use::kStart},
    {"startedat", Use::kStart},
    {"start", Use::kStart},
    {"timestamp", Use::kStart},
    {"endtime", Use::kEnd},
    {"endtimeunixnano", Use::kEnd},
    {"endtimeunixns", Use::kEnd},
    {"endtimeunixms", Use::kEnd},
    {"endtimems", Use::kEnd},
    {"endtimemillis", Use::kEnd},
    {"endtimens", Use::kEnd},
    {"endedat", Use::kEnd},
    {"finishedat", Use::kEnd},
    {"end", Use::kEnd},
    {"duration", Use::kDuration},
    {"durationns", Use::kDuration, 1},
    {"durationnano", Use::kDuration, 1},
    {"durationus", Use::kDuration, 1e3},
    {"durationms", Use::kDuration, 1e6},
    {"latencyms", Use::kDuration, 1e6},
    {"durations", Use::kDuration, 1e9},
    {"durationseconds", Use::kDuration, 1e9},
    {"status", Use::kStatus},
    {"statuscode", Use::kStatus},
    {"statusmessage", Use::kStatusMessage},
    {"attributes", Use::kAttributes},
    {"spanattributes", Use::kAttributes},
    {"resource", Use::kResource},
    {"resources", Use::kResource},
    {"resourceattributes", Use::kResource},
    {"servicename", Use::kService},
    {"service", Use::kService},
    {"scope", Use::kScope},
    {"instrumentationscope", Use::kScope},
    {"scopename", Use::kScopeName},
    {"scopeversion", Use::kScopeVersion},
    {"events", Use::kEvents},
    {"links", Use::kLinks},
    {"childspans", Use::kChildren},
    {"subspans", Use::kChildren},
    {"children", Use::kChildren},
    {"spans", Use::kChildren},
    {"spandata", Use::kInside},  // of the OpenAI Agents SDK: {"type": "function", "name": ...}
    {"input", Use::kInput},
    {"inputs", Use::kInput},
    {"output", Use::kOutput},
    {"outputs", Use::kOutput},
    {"model", Use::kModel},
    {"modelname", Use::kModel},
};

}  // namespace

const SpanTreeRow* FindSpanTreeRow(std::string_view key) {
  const FoldedKey folded(key);
  const auto* const found =
      std::find_if(std::begin(kRows), std::end(kRows),
                   [&](const SpanTreeRow& row) { return row.key == folded.text(); });
  return found == std::end(kRows) ? nullptr : found;
}

}  // namespace halo
