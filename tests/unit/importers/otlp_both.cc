// SPDX-License-Identifier: MIT
#include "tests/unit/importers/otlp_both.h"

#include <memory>
#include <protozero/pbf_writer.hpp>

#include "engine/codec/span_codec.h"
#include "engine/framing/framer.h"
#include "schemas/json_string.h"
#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

using protozero::pbf_writer;

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(text, out);
  return out;
}

std::string Hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[c & 15];
  }
  return out;
}

protozero::data_view View(std::string_view text) { return {text.data(), text.size()}; }

// A message of one field.
template <class Add>
std::string Field(Add add) {
  std::string out;
  pbf_writer writer(out);
  add(writer);
  return out;
}

std::string JsonList(const std::vector<Both>& items) {
  std::string out;
  for (const Both& item : items) out += (out.empty() ? "" : ",") + item.json;
  return "[" + out + "]";
}

std::vector<Both> KeyValues(const Attributes& attributes) {
  std::vector<Both> out;
  for (const auto& [key, value] : attributes) {
    Both both;
    pbf_writer writer(both.proto);
    writer.add_string(1, key);
    writer.add_message(2, value.proto);
    both.json = "{\"key\":" + Quoted(key) + ",\"value\":" + value.json + "}";
    out.push_back(std::move(both));
  }
  return out;
}

void AddAll(pbf_writer& writer, std::uint32_t field, const std::vector<Both>& messages) {
  for (const Both& message : messages) writer.add_message(field, message.proto);
}

class CollectingSink final : public SpanSink {
 public:
  void OnSpan(const Span& span) override {
    std::string encoded;
    EncodeSpan(span, encoded);
    came.spans.push_back(DumpSpan(span) + "  hash " + std::to_string(ContentHash(encoded)) + "\n");
  }
  void OnReject(Reject reject) override {
    came.rejects.push_back(reject.reason + " at " + std::to_string(reject.offset) + ": " +
                           reject.detail);
  }
  WhatCame came;
};

}  // namespace

Both NoValue() { return {{}, "{}"}; }

Both StringValue(std::string_view text) {
  return {Field([&](pbf_writer& w) { w.add_string(1, View(text)); }),
          "{\"stringValue\":" + Quoted(text) + "}"};
}

Both BoolValue(bool value) {
  return {Field([&](pbf_writer& w) { w.add_bool(2, value); }),
          std::string("{\"boolValue\":") + (value ? "true" : "false") + "}"};
}

Both IntValue(std::int64_t value) {
  return {Field([&](pbf_writer& w) { w.add_int64(3, value); }),
          "{\"intValue\":\"" + std::to_string(value) + "\"}"};
}

Both DoubleValue(double value, std::string json) {
  return {Field([&](pbf_writer& w) { w.add_double(4, value); }), "{\"doubleValue\":" + json + "}"};
}

Both BytesValue(std::string_view bytes, std::string base64) {
  return {Field([&](pbf_writer& w) { w.add_bytes(7, View(bytes)); }),
          "{\"bytesValue\":\"" + base64 + "\"}"};
}

Both ArrayValue(const std::vector<Both>& values) {
  const std::string list = Field([&](pbf_writer& w) { AddAll(w, 1, values); });
  return {Field([&](pbf_writer& w) { w.add_message(5, list); }),
          "{\"arrayValue\":{\"values\":" + JsonList(values) + "}}"};
}

Both MapValue(const Attributes& values) {
  const std::vector<Both> members = KeyValues(values);
  const std::string list = Field([&](pbf_writer& w) { AddAll(w, 1, members); });
  return {Field([&](pbf_writer& w) { w.add_message(6, list); }),
          "{\"kvlistValue\":{\"values\":" + JsonList(members) + "}}"};
}

Both EventOf(std::uint64_t time, std::string_view name, const Attributes& attributes) {
  const std::vector<Both> all = KeyValues(attributes);
  Both both;
  pbf_writer writer(both.proto);
  writer.add_fixed64(1, time);
  writer.add_string(2, View(name));
  AddAll(writer, 3, all);
  writer.add_uint32(4, 7);  // dropped_attributes_count
  both.json = "{\"timeUnixNano\":\"" + std::to_string(time) + "\",\"name\":" + Quoted(name) +
              ",\"attributes\":" + JsonList(all) + ",\"droppedAttributesCount\":7}";
  return both;
}

Both LinkOf(std::string_view trace_id, std::string_view span_id, const Attributes& attributes) {
  const std::vector<Both> all = KeyValues(attributes);
  Both both;
  pbf_writer writer(both.proto);
  writer.add_bytes(1, View(trace_id));
  writer.add_bytes(2, View(span_id));
  writer.add_string(3, "state=1");
  AddAll(writer, 4, all);
  writer.add_uint32(5, 7);
  writer.add_fixed32(6, 1);
  both.json = "{\"traceId\":\"" + Hex(trace_id) + "\",\"spanId\":\"" + Hex(span_id) +
              "\",\"attributes\":" + JsonList(all) + "}";
  return both;
}

Both SpanOf(const BothSpan& span) {
  const std::vector<Both> attributes = KeyValues(span.attributes);
  Both both;
  pbf_writer writer(both.proto);
  writer.add_bytes(1, span.trace_id);
  writer.add_bytes(2, span.span_id);
  if (!span.trace_state.empty()) writer.add_string(3, span.trace_state);
  if (!span.parent_id.empty()) writer.add_bytes(4, span.parent_id);
  writer.add_string(5, span.name);
  writer.add_enum(6, span.kind);
  writer.add_fixed64(7, span.start);
  writer.add_fixed64(8, span.end);
  AddAll(writer, 9, attributes);
  writer.add_uint32(10, 7);  // dropped_attributes_count
  AddAll(writer, 11, span.events);
  writer.add_uint32(12, 7);
  AddAll(writer, 13, span.links);
  writer.add_uint32(14, 7);
  std::string status;
  pbf_writer status_writer(status);
  if (!span.status_message.empty()) status_writer.add_string(2, span.status_message);
  if (span.status != 0) status_writer.add_enum(3, span.status);
  writer.add_message(15, status);
  writer.add_fixed32(16, 257);  // flags
  both.json = "{\"traceId\":\"" + Hex(span.trace_id) + "\",\"spanId\":\"" + Hex(span.span_id) +
              "\",\"traceState\":" + Quoted(span.trace_state) + ",\"parentSpanId\":\"" +
              Hex(span.parent_id) + "\",\"name\":" + Quoted(span.name) +
              ",\"kind\":" + std::to_string(span.kind) + ",\"startTimeUnixNano\":\"" +
              std::to_string(span.start) + "\",\"endTimeUnixNano\":\"" + std::to_string(span.end) +
              "\",\"attributes\":" + JsonList(attributes) + ",\"events\":" + JsonList(span.events) +
              ",\"links\":" + JsonList(span.links) +
              ",\"status\":{\"code\":" + std::to_string(span.status) +
              ",\"message\":" + Quoted(span.status_message) + "},\"flags\":257}";
  return both;
}

Both ScopeSpansOf(std::string_view name, std::string_view version, const Attributes& attributes,
                  const std::vector<Both>& spans) {
  const std::vector<Both> all = KeyValues(attributes);
  std::string scope;
  pbf_writer scope_writer(scope);
  scope_writer.add_string(1, View(name));
  scope_writer.add_string(2, View(version));
  AddAll(scope_writer, 3, all);
  Both both;
  pbf_writer writer(both.proto);
  writer.add_message(1, scope);
  AddAll(writer, 2, spans);
  writer.add_string(3, "https://opentelemetry.io/schemas/1.37.0");
  both.json = "{\"scope\":{\"name\":" + Quoted(name) + ",\"version\":" + Quoted(version) +
              ",\"attributes\":" + JsonList(all) + "},\"spans\":" + JsonList(spans) + "}";
  return both;
}

Both ResourceSpansOf(const Attributes& attributes, const std::vector<Both>& scope_spans) {
  const std::vector<Both> all = KeyValues(attributes);
  const std::string resource = Field([&](pbf_writer& w) { AddAll(w, 1, all); });
  Both both;
  pbf_writer writer(both.proto);
  writer.add_message(1, resource);
  AddAll(writer, 2, scope_spans);
  both.json = "{\"resource\":{\"attributes\":" + JsonList(all) +
              "},\"scopeSpans\":" + JsonList(scope_spans) + "}";
  return both;
}

Both RequestOf(const std::vector<Both>& resource_spans) {
  return {Field([&](pbf_writer& w) { AddAll(w, 1, resource_spans); }),
          "{\"resourceSpans\":" + JsonList(resource_spans) + "}"};
}

Both RequestOfSpans(const std::vector<Both>& spans) {
  return RequestOf({ResourceSpansOf({{"service.name", StringValue("shop")}},
                                    {ScopeSpansOf("scope", "1.0", {}, spans)})});
}

WhatCame ReadBy(const Importer& importer, std::string_view input) {
  const std::unique_ptr<Framer> framer = MakeFramer(importer.framing);
  std::vector<RecordBatch> batches;
  framer->Feed(input, batches);
  framer->Finish(false, batches);
  const auto reader = importer.make_reader();
  CollectingSink sink;
  for (const RecordBatch& batch : batches) {
    for (const Record& record : batch.records) reader->Read(record, sink);
    for (const Reject& reject : batch.rejects) sink.OnReject(reject);
  }
  return std::move(sink.came);
}

}  // namespace halo
