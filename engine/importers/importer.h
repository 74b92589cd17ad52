// SPDX-License-Identifier: MIT
// An importer turns the bytes of one input format into spans.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/framing/framer.h"
#include "engine/framing/record.h"
#include "engine/model/reject.h"
#include "engine/model/span.h"

namespace halo {

// Receives the spans and rejects of a reader. Called by one thread at a time.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  // The span and all its views become invalid when the call returns.
  virtual void OnSpan(const Span& span) = 0;
  virtual void OnReject(Reject reject) = 0;
};

// Reads the records of one format. Reuses its buffers from record to record. Not thread-safe.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  virtual void Read(const Record& record, SpanSink& sink) = 0;
};

// The start of an input.
struct InputHead {
  std::string_view bytes;  // its first 64 KB, or all of it, unchanged
  // The JSON value at the start of a line in `bytes`, or the rest of `bytes` if no value ends
  // there. Each of the first lines is tried until an importer accepts one.
  std::string_view value;
};

struct Importer {
  std::string_view name;  // "otlp_json"
  // Of the first importer of a format only; the others read it in other framings.
  std::string_view description;  // one line, for error messages
  std::string_view short_name;   // "OTLP/JSON", for lists of formats
  Framing framing;
  // Whether an input with this head has the format. A read may resume after any resumable batch, so
  // this must also recognise the format there.
  bool (*sniff)(const InputHead& head);
  std::unique_ptr<RecordReader> (*make_reader)();
};

}  // namespace halo
