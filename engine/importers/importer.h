// SPDX-License-Identifier: MIT
// An importer turns the bytes of one input format into spans.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/span.h"

namespace halo {

// One part of an input that could not be taken. `reason` is a fixed snake_case name such as
// "invalid_json" or "missing_trace_id"; `offset` is the byte where the refused part starts in the
// decompressed input; `detail` is at most 200 bytes for a person to read.
struct Reject {
  std::string reason;
  std::uint64_t offset = 0;
  std::string detail;
};

// Receives what a reader finds. Called by one thread at a time.
class SpanSink {
 public:
  virtual ~SpanSink() = default;
  // The span and all its views die when the call returns.
  virtual void OnSpan(const Span& span) = 0;
  virtual void OnReject(Reject reject) = 0;
};

// A piece of input that can be read by itself: a line, a document, or one span cut out of a
// document too large to hold, with the resource and scope objects that enclosed it.
struct Record {
  std::string_view bytes;  // followed by at least 64 readable bytes
  std::uint64_t offset = 0;
  std::string_view resource;  // JSON object, empty unless cut out
  std::string_view scope;     // JSON object, empty unless cut out
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

// THE LIST, in the order in which they are asked.
std::span<const Importer> AllImporters();

}  // namespace halo
