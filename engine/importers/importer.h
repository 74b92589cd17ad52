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

// How an input begins.
struct InputHead {
  std::string_view bytes;  // its first 64 KB, or all of it, as they are
  // A JSON value among them, or the rest of them after white space if no value ends there: of the
  // first lines, each is tried until an importer accepts one.
  std::string_view value;
};

struct Importer {
  std::string_view name;  // "otlp_json"
  // Of the first importer of a format only; the others read it in other framings.
  std::string_view description;  // one line, for error messages
  std::string_view short_name;   // "OTLP/JSON", for lists of formats
  Framing framing;
  // Whether input that begins like this is of the format. A read may resume after any batch that
  // the framer called resumable, so this must recognise the format there too.
  bool (*sniff)(const InputHead& head);
  std::unique_ptr<RecordReader> (*make_reader)();
};

}  // namespace halo
