// SPDX-License-Identifier: MIT
// What the readers of JSON formats share: parsing a record, repairing what can be repaired, and
// telling where in the input a refused part stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/importers/importer.h"
#include "engine/importers/span_builder.h"
#include "engine/json/json_cursor.h"
#include "engine/json/json_values.h"

namespace halo {

class JsonRecordReader : public RecordReader {
 public:
  void Read(const Record& record, SpanSink& sink) final;

 protected:
  using ErrorCode = simdjson::error_code;

  // Called before the objects of a record; both are empty unless it was cut out of a larger one.
  virtual void ReadEnclosing(std::string_view resource, std::string_view scope) = 0;
  // One object of the record. An error means that the rest of the record cannot be parsed either.
  virtual ErrorCode ReadObject(Json object) = 0;

  JsonValues& values() { return values_; }
  JsonCursor& cursor() { return cursor_; }

  // After a field of the span could not be read: it costs the span when it is vital, else only
  // itself. Errors after which nothing can be read are passed on.
  ErrorCode FailField(ErrorCode error, Json json, std::string_view name, bool vital,
                      SpanBuilder& builder);
  // A span is of no use without these, and wrong if they are guessed.
  template <class Key>
  static constexpr bool IsVital(Key key) {
    return key == Key::kTraceId || key == Key::kSpanId || key == Key::kStart || key == Key::kEnd;
  }
  // Hands the span out and tells what of it was lost, or refuses it for its problem.
  void EndSpan(SpanBuilder& builder, const char* where);
  // Refuses the part of the record that begins at `where`.
  void Refuse(std::string_view reason, const char* where, std::string_view detail);

  // Values that several formats write alike. Null leaves `out` empty.
  ErrorCode ReadString(Json json, std::string_view& out);
  ErrorCode ReadId(Json json, std::size_t bytes, std::string_view& out);
  ErrorCode ReadKind(Json json, std::string_view& out);
  // A start or end, as a number in any unit, a number as text, or RFC 3339.
  ErrorCode ReadSpanTime(Json json, std::string_view field, SpanBuilder& builder, Moment& out);
  // The same of an event, which goes without it where it cannot be.
  ErrorCode ReadEventTime(Json json, std::int64_t& out);
  // {"code": ..., "message": ...}, or the code alone; the code is a number or a name.
  ErrorCode ReadStatus(Json json, Span& span);

 private:
  class Salvage;

  // Reads text_; repairs it and tries again where that may help.
  ErrorCode ReadText();
  ErrorCode Parse();
  ErrorCode ReadItem(Json json);
  // False where the value is a time that cannot be read.
  ErrorCode ReadTime(Json json, Moment& out, bool& ok);
  void SettleTimes(SpanBuilder& builder);
  ErrorCode ReadStatusCode(Json json, StatusCode& out);
  void TellLost(const Span& span);
  std::uint64_t OffsetOf(const char* where) const;

  JsonCursor cursor_;
  JsonValues values_;
  SpanSink* sink_ = nullptr;
  std::string_view text_;         // what is parsed now: the record, or a repaired copy
  std::uint64_t offset_ = 0;      // of text_ in the input
  std::uint64_t read_until_ = 0;  // what begins before this offset was read or refused
  std::uint64_t rejects_ = 0;
  std::string repaired_;
  // Where the repaired text stops to run parallel: (position in it, what to subtract from there).
  std::vector<std::pair<std::size_t, std::int64_t>> shifts_;
};

}  // namespace halo
