// SPDX-License-Identifier: MIT
// An importer turns the bytes of one input format into spans.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/framing/record.h"
#include "engine/model/reject.h"
#include "engine/model/span.h"

namespace halo {

// Receives what a reader finds. Called by one thread at a time.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  // The span and all its views die when the call returns.
  virtual void OnSpan(const Span& span) = 0;
  virtual void OnReject(Reject reject) = 0;
};

// Keeps the parser's buffers from record to record. One thread.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  virtual void Read(const Record& record, SpanSink& sink) = 0;
};

struct Importer {
  std::string_view name;         // "otlp_json"
  std::string_view description;  // one line, for error messages and --help
  // Whether input that starts like this is of the format. `head` is the first complete JSON value
  // of the input, or its first 64 KB.
  bool (*sniff)(std::string_view head);
  std::unique_ptr<RecordReader> (*make_reader)();
};

}  // namespace halo
