// SPDX-License-Identifier: MIT
// Makes spans of log records, each a version of a span by itself (model/from_log.h): a store unites
// the versions in whatever order and however often they come.
//
//   - A record of an agent in the list of dialects becomes the span of its call, or a part of the
//     span of its turn.
//   - A GenAI event with the ids of a span becomes an event of that span. Source: OpenTelemetry
//     semantic conventions, "Generative AI events".
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/importers/log_dialect.h"
#include "engine/importers/log_record.h"
#include "engine/json/json_tree.h"
#include "engine/model/span.h"

namespace halo {

// Reuses its memory. Not thread-safe.
class LogSpans {
 public:
  // Called with each span and where its record begins; the span is valid during the call.
  using Emit = std::function<void(const Span& span, const char* where)>;

  // The records of one scope of a request, in their order. Returns how many of them say nothing
  // about a run: those of other programs, and GenAI events without the ids of a span.
  std::size_t Convert(std::span<const LogRecord> records, const Resource& resource,
                      const Emit& emit);

 private:
  enum class Use : std::uint8_t { kSpan, kNothing, kUnknown };

  Use Read(const LogRecord& record, const Resource& resource);
  Use ReadContent(const LogRecord& record, std::string_view event);
  Use ReadOf(const LogDialect& dialect, std::string_view event, const LogRecord& record);
  void Place(const LogDialect& dialect, const LogEventRule& rule, const LogRecord& record);
  void SetTimes(const LogDialect& dialect, const LogEventRule& rule, const LogRecord& record);
  void Describe(const LogDialect& dialect, const LogEventRule& rule, const LogRecord& record);
  void Copy(std::span<const LogKey> keys, const LogRecord& record, std::vector<Attribute>& out);
  void CopyOne(const LogKey& key, const Value& value, std::vector<Attribute>& out);
  void Fail(std::string_view message);
  // A text that would be all of the value is not copied.
  std::string_view Member(const Value& object, std::string_view name);
  std::string_view HexId(std::string_view what, std::string_view of, std::size_t digits);
  std::string_view Fingerprint(const LogRecord& record);
  Event& AddEvent(std::string_view name, std::int64_t time_ns);
  void Clear();

  Span span_;
  JsonTrees trees_;
  bool spans_are_exported_ = false;  // a record of the list has the ids of a span
  // Records of one span at one time: their events keep their order by a count of nanoseconds.
  std::string_view last_span_;
  std::int64_t last_time_ns_ = 0, same_times_ = 0;
};

}  // namespace halo
