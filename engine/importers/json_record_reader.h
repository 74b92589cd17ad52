// SPDX-License-Identifier: MIT
// The common part of readers of JSON formats: parses a record, repairs common faults, reads the
// sound parts of a broken record, and reports the offset of each rejected part in the input.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/importers/importer.h"
#include "engine/json/json_cursor.h"
#include "engine/json/json_values.h"

namespace halo {

struct SpanBuilder;

class JsonRecordReader : public RecordReader {
 public:
  void Read(const Record& record, SpanSink& sink) final;

 protected:
  // Called before the objects of a record; both are empty unless it was cut out of a larger one.
  virtual void ReadEnclosing(std::string_view resource, std::string_view scope) = 0;
  // The root of the record, an object or array. By default it, or each item of it, is for
  // ReadObject.
  virtual JsonError ReadRoot(Json& root);
  // Called when all of the record has been read.
  virtual void EndRecord() {}
  // One object of the record. An error means that the rest of the record cannot be parsed either.
  virtual JsonError ReadObject(JsonObject& object) = 0;

  JsonValues& values() { return values_; }
  JsonCursor& cursor() { return cursor_; }

  // The text that is read, from `where` on.
  std::string_view RestFrom(const char* where) const {
    return text_.substr(static_cast<std::size_t>(where - text_.data()));
  }
  bool Holds(const char* where) const {
    const std::less<> before;
    return !before(where, text_.data()) && before(where, text_.data() + text_.size());
  }
  // Where it is in the input, in bytes.
  std::uint64_t OffsetOf(const char* where) const;

  // The record as it came.
  std::string_view record() const { return record_; }
  // Hands out a span without a place in the record.
  void Accept(const Span& span) { sink_->OnSpan(span); }
  // Hands out a span that begins at `where`, and reports the losses that were recorded for it.
  void Accept(const Span& span, const char* where);
  // Finishes a span that begins at `where`, and accepts or refuses it.
  void FinishSpan(SpanBuilder& builder, const Resource& resource, const char* where);
  // Rejects the part of the record that begins at `where`.
  void Refuse(std::string_view reason, const char* where, std::string_view detail);

 private:
  class Salvage;

  // Reads text_; repairs it and tries again if that may help.
  JsonError ReadText();
  JsonError Parse();
  JsonError ReadItem(Json& json);
  void ReportLosses(const Span& span);

  JsonCursor cursor_;
  JsonValues values_;
  SpanSink* sink_ = nullptr;
  std::string_view record_;
  std::string_view text_;         // the text that is parsed: the record, or a repaired copy
  std::uint64_t offset_ = 0;      // of text_ in the input
  std::uint64_t read_until_ = 0;  // objects that begin before this offset have been handled
  std::uint64_t rejects_ = 0;
  std::string repaired_;
  // Pairs (position in the repaired text, n): from there on, it is n bytes ahead of the input.
  std::vector<std::pair<std::size_t, std::int64_t>> shifts_;
};

}  // namespace halo
