// SPDX-License-Identifier: MIT
// The parts of an OTLP request, each as a protobuf message and as OTLP/JSON with the same content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/importers/importer.h"

namespace halo {

struct Both {
  std::string proto, json;
};

// AnyValue.
Both NoValue();
Both StringValue(std::string_view text);
Both BoolValue(bool value);
Both IntValue(std::int64_t value);
Both DoubleValue(double value, std::string json);
Both BytesValue(std::string_view bytes, std::string base64);
Both ArrayValue(const std::vector<Both>& values);
Both MapValue(const std::vector<std::pair<std::string, Both>>& values);

using Attributes = std::vector<std::pair<std::string, Both>>;

struct BothSpan {
  std::string trace_id = std::string(16, '\x11');  // as bytes, as all ids here
  std::string span_id = std::string(8, '\x22');
  std::string parent_id, trace_state;
  std::string name = "a span";
  int kind = 0;
  std::uint64_t start = 1'764'100'000'000'000'001, end = 1'764'100'000'500'000'000;
  Attributes attributes;
  std::vector<Both> events, links;
  int status = 0;
  std::string status_message;
};

Both EventOf(std::uint64_t time, std::string_view name, const Attributes& attributes);
Both LinkOf(std::string_view trace_id, std::string_view span_id, const Attributes& attributes);
Both SpanOf(const BothSpan& span);
Both ScopeSpansOf(std::string_view name, std::string_view version, const Attributes& attributes,
                  const std::vector<Both>& spans);
Both ResourceSpansOf(const Attributes& attributes, const std::vector<Both>& scope_spans);
Both RequestOf(const std::vector<Both>& resource_spans);
// The spans in one resource and scope.
Both RequestOfSpans(const std::vector<Both>& spans);

// What an importer makes of an input: each span as it is dumped, with the hash under which it is
// stored, and each reject with its detail.
struct WhatCame {
  std::vector<std::string> spans, rejects;
};
WhatCame ReadBy(const Importer& importer, std::string_view input);

}  // namespace halo
