// SPDX-License-Identifier: MIT
// Invariants of the spans that an importer reads from any bytes.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/framing/framer.h"
#include "engine/importers/all_importers.h"
#include "engine/importers/choose_importer.h"
#include "engine/importers/importer.h"
#include "engine/importers/span_times.h"
#include "engine/model/reject_reasons.h"

namespace halo {

inline void Require(bool holds) {
  if (!holds) std::abort();
}

class CheckingSink final : public SpanSink {
 public:
  explicit CheckingSink(std::size_t size) : size_(size) {}

  void OnSpan(const Span& span) override {
    Require(!span.trace_id.empty() && !span.span_id.empty() && span.resource != nullptr);
    Require(span.start_ns >= 0 && span.end_ns >= kUnknownEnd);
    for (const std::string_view text : {span.trace_id, span.span_id, span.parent_id, span.name,
                                        span.trace_state, span.status_message, span.links}) {
      CheckText(text);
    }
    Check(span.attributes);
    Check(span.resource->attributes);
    Check(span.resource->scope_attributes);
    for (const Event& event : span.events) Check(event.attributes);
  }

  void OnReject(Reject reject) override {
    Require(!ExplainReject(reject.reason).empty());
    Require(reject.offset <= size_);
    Require(reject.detail.size() <= 200);
  }

 private:
  static void CheckText(std::string_view text) {
    Require(simdjson::validate_utf8(text.data(), text.size()));
  }

  void Check(const std::vector<Attribute>& attributes) {
    for (const Attribute& attribute : attributes) {
      CheckText(attribute.key);
      if (!attribute.value.has_text()) continue;
      CheckText(attribute.value.text);
      if (attribute.value.type != Value::Type::kJson) continue;
      Require(parser_.parse(attribute.value.text).error() == simdjson::SUCCESS);
    }
  }

  std::size_t size_;
  simdjson::dom::parser parser_;
};

// Reads the input with the given importer, even if that would not be chosen for it.
inline void ReadAnything(std::string_view importer_name, std::string_view input) {
  CheckingSink sink(input.size());
  for (const Importer& importer : AllImporters()) {
    if (importer.name != importer_name) continue;
    importer.sniff(HeadOf(input));
    const std::unique_ptr<Framer> framer = MakeFramer(importer.framing);
    std::vector<RecordBatch> batches;
    framer->Feed(input, batches);
    framer->Finish(false, batches);
    const auto reader = importer.make_reader();
    for (const RecordBatch& batch : batches) {
      for (const Record& record : batch.records) reader->Read(record, sink);
      for (const Reject& reject : batch.rejects) sink.OnReject(reject);
    }
  }
}

}  // namespace halo
