// SPDX-License-Identifier: MIT
#include "engine/importers/otlp_protobuf.h"

#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/framing/message_framer.h"
#include "engine/importers/log_record.h"
#include "engine/importers/log_spans.h"
#include "engine/importers/otlp_proto_values.h"
#include "engine/importers/proto_cursor.h"
#include "engine/importers/reject_detail.h"
#include "engine/importers/sniff_otlp_protobuf.h"
#include "engine/importers/span_builder.h"
#include "engine/importers/span_links.h"
#include "engine/importers/span_words.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

class OtlpProtobufReader final : public RecordReader {
 public:
  void Read(const Record& record, SpanSink& sink) override;

  void ReadTraceId(const ProtoField& field) { span().trace_id = Id(field); }
  void ReadSpanId(const ProtoField& field) { span().span_id = Id(field); }
  void ReadTraceState(const ProtoField& field) { span().trace_state = Text(field); }
  void ReadParentId(const ProtoField& field) { span().parent_id = Id(field); }
  void ReadName(const ProtoField& field) { span().name = Text(field); }
  void ReadKind(const ProtoField& field) { span().otel_kind = KindWord(Signed(field)); }
  void ReadStart(const ProtoField& field) { builder_.start = TimeOf(field); }
  void ReadEnd(const ProtoField& field) { builder_.end = TimeOf(field); }
  void ReadAttribute(const ProtoField& field) { AddAttribute(field, span().attributes); }
  void ReadEvent(const ProtoField& field);
  void ReadLink(const ProtoField& field);
  void ReadStatus(const ProtoField& field);

  void ReadStatusMessage(const ProtoField& field) { span().status_message = Text(field); }
  void ReadStatusCode(const ProtoField& field) { span().status = StatusOf(Signed(field)); }

  void ReadEventTime(const ProtoField& field);
  void ReadEventName(const ProtoField& field) { span().events.back().name = Text(field); }
  void ReadEventAttribute(const ProtoField& field) {
    AddAttribute(field, span().events.back().attributes);
  }

  void ReadLinkTraceId(const ProtoField& field) { link_.trace_id = Id(field); }
  void ReadLinkSpanId(const ProtoField& field) { link_.span_id = Id(field); }
  void ReadLinkAttribute(const ProtoField& field);

  void ReadLogTime(const ProtoField& field) { log().time_ns = KnownTime(field); }
  void ReadObservedTime(const ProtoField& field) { log().observed_ns = KnownTime(field); }
  void ReadLogBody(const ProtoField& field);
  void ReadLogAttribute(const ProtoField& field) { AddAttribute(field, log().attributes); }
  void ReadLogTraceId(const ProtoField& field) { log().trace_id = Id(field); }
  void ReadLogSpanId(const ProtoField& field) { log().span_id = Id(field); }
  void ReadLogEventName(const ProtoField& field) { log().event_name = Text(field); }

  void ReadResourceAttribute(const ProtoField& field) { AddAttribute(field, resource_.attributes); }
  void ReadScopeName(const ProtoField& field) { resource_.scope_name = Text(field); }
  void ReadScopeVersion(const ProtoField& field) { resource_.scope_version = Text(field); }
  void ReadScopeAttribute(const ProtoField& field) {
    AddAttribute(field, resource_.scope_attributes);
  }

 private:
  struct Row;
  static const Row kResourceRows[], kScopeRows[], kSpanRows[], kEventRows[], kLinkRows[],
      kStatusRows[], kLogRows[];

  struct Loss {
    std::string_view reason;
    const char* where;
    std::string_view what;
  };

  bool ReadResourceSpans(const ProtoField& field);
  bool ReadScopeSpans(const ProtoField& field);
  bool ReadSpan(const ProtoField& field);
  bool ReadLog(const ProtoField& field);
  // Makes spans of the log records of a scope.
  void EndLogs(const char* where);
  void EndSpan(const char* where);
  // Reads the resource or scope of a message, which may come after the spans that it belongs to.
  void ReadEnclosing(std::string_view message, const Row* rows, std::string_view name);
  // Reads a message around spans. `read` is called with its fields and returns whether it reports
  // by itself that a field is cut. False if the message cannot be read to its end.
  template <class ReadField>
  bool ReadContainer(const ProtoField& message, std::string_view name, ReadField read);
  // Reads a message by the table of its fields, which ends with an empty row.
  ProtoError ReadFields(std::string_view message, const Row* rows);

  void AddAttribute(const ProtoField& field, std::vector<Attribute>& out);
  std::string_view Text(const ProtoField& field) { return values_.Text(field.bytes); }
  std::string_view Id(const ProtoField& field) { return CanonicalIdOfBytes(field.bytes, arena_); }
  static std::int64_t Signed(const ProtoField& field) {
    return static_cast<std::int64_t>(field.integer);
  }
  static Moment TimeOf(const ProtoField& field);
  static std::int64_t KnownTime(const ProtoField& field) {
    const Moment moment = TimeOf(field);
    return moment.kind == Moment::Kind::kKnown ? moment.ns : 0;
  }
  LogRecord& log() { return logs_[log_count_ - 1]; }
  Span& span() { return builder_.span; }

  void Lose(const ProtoField& field, std::string_view what,
            std::string_view reason = kMalformedPart) {
    losses_.push_back({reason, field.where, what});
  }
  void ReportLosses(const std::string& of);
  // Rejects what follows in a message that cannot be read to its end.
  void RefuseRest(const ProtoField& message, ProtoError error, const char* where,
                  std::string_view name);
  void Refuse(std::string_view reason, const char* where, std::string_view detail);

  SpanSink* sink_ = nullptr;
  const Record* record_ = nullptr;
  Arena arena_;
  OtlpProtoValues values_{arena_};
  Resource resource_;
  SpanBuilder builder_;
  SpanLink link_;
  JsonError link_error_ = JsonError::kOk;
  std::string links_;
  std::vector<Loss> losses_;
  std::vector<LogRecord> logs_;  // the first log_count_ are those of the scope
  std::size_t log_count_ = 0;
  LogSpans log_spans_;
};

using Reader = OtlpProtobufReader;

struct OtlpProtobufReader::Row {
  std::uint32_t number;  // 0 ends a table
  ProtoType type;
  std::string_view name;
  void (Reader::*read)(const ProtoField&);
  bool is_vital = false;  // without it there is no span
};

// Fields of the messages between spans and the input.
constexpr std::uint32_t kResourceSpans = 1;
constexpr std::uint32_t kEnclosing = 1;  // the resource or the scope
constexpr std::uint32_t kScopeSpans = 2, kLibrarySpans = 1000, kSpans = 2;

constexpr Reader::Row Reader::kResourceRows[] = {
    {1, ProtoType::kBytes, "attribute", &Reader::ReadResourceAttribute},
    {},
};

constexpr Reader::Row Reader::kScopeRows[] = {
    {1, ProtoType::kBytes, "name", &Reader::ReadScopeName},
    {2, ProtoType::kBytes, "version", &Reader::ReadScopeVersion},
    {3, ProtoType::kBytes, "attribute", &Reader::ReadScopeAttribute},
    {},
};

constexpr Reader::Row Reader::kSpanRows[] = {
    {1, ProtoType::kBytes, "traceId", &Reader::ReadTraceId, true},
    {2, ProtoType::kBytes, "spanId", &Reader::ReadSpanId, true},
    {3, ProtoType::kBytes, "traceState", &Reader::ReadTraceState},
    {4, ProtoType::kBytes, "parentSpanId", &Reader::ReadParentId},
    {5, ProtoType::kBytes, "name", &Reader::ReadName},
    {6, ProtoType::kVarint, "kind", &Reader::ReadKind},
    {7, ProtoType::kFixed64, "startTimeUnixNano", &Reader::ReadStart, true},
    {8, ProtoType::kFixed64, "endTimeUnixNano", &Reader::ReadEnd, true},
    {9, ProtoType::kBytes, "attribute", &Reader::ReadAttribute},
    {11, ProtoType::kBytes, "event", &Reader::ReadEvent},
    {13, ProtoType::kBytes, "link", &Reader::ReadLink},
    {15, ProtoType::kBytes, "status", &Reader::ReadStatus},
    {},
};

constexpr Reader::Row Reader::kEventRows[] = {
    {1, ProtoType::kFixed64, "time of an event", &Reader::ReadEventTime},
    {2, ProtoType::kBytes, "name of an event", &Reader::ReadEventName},
    {3, ProtoType::kBytes, "attribute", &Reader::ReadEventAttribute},
    {},
};

constexpr Reader::Row Reader::kLinkRows[] = {
    {1, ProtoType::kBytes, "traceId of a link", &Reader::ReadLinkTraceId},
    {2, ProtoType::kBytes, "spanId of a link", &Reader::ReadLinkSpanId},
    {4, ProtoType::kBytes, "attribute of a link", &Reader::ReadLinkAttribute},
    {},
};

constexpr Reader::Row Reader::kStatusRows[] = {
    {2, ProtoType::kBytes, "message of the status", &Reader::ReadStatusMessage},
    {3, ProtoType::kVarint, "code of the status", &Reader::ReadStatusCode},
    {},
};

// Source: opentelemetry/proto/logs/v1/logs.proto.
constexpr Reader::Row Reader::kLogRows[] = {
    {1, ProtoType::kFixed64, "time of a log record", &Reader::ReadLogTime},
    {5, ProtoType::kBytes, "body of a log record", &Reader::ReadLogBody},
    {6, ProtoType::kBytes, "attribute of a log record", &Reader::ReadLogAttribute},
    {9, ProtoType::kBytes, "traceId of a log record", &Reader::ReadLogTraceId},
    {10, ProtoType::kBytes, "spanId of a log record", &Reader::ReadLogSpanId},
    {11, ProtoType::kFixed64, "time of a log record", &Reader::ReadObservedTime},
    {12, ProtoType::kBytes, "name of a log record", &Reader::ReadLogEventName},
    {},
};

// Requests of both kinds are alike around their spans or records; a file may hold both.
bool IsLogRecord(std::string_view message) {
  ProtoCursor cursor(message);
  for (ProtoField field; cursor.Next(field);) {
    if (field.number == 1 || field.number == 11) return field.type == ProtoType::kFixed64;
    if (field.number == 2) return field.type == ProtoType::kVarint;
  }
  return false;
}

void OtlpProtobufReader::Read(const Record& record, SpanSink& sink) {
  sink_ = &sink;
  record_ = &record;
  arena_.Reset();
  ProtoField all;
  all.bytes = record.bytes;
  all.where = record.bytes.data();
  bool has_spans = false;
  const bool is_whole = ReadContainer(all, "the request", [&](const ProtoField& field) {
    if (field.number != kResourceSpans) return false;
    has_spans = true;
    return ReadResourceSpans(field);
  });
  if (is_whole && !has_spans) {
    Refuse(kNotASpan, all.where, "neither resource_spans nor resource_logs in it");
  }
}

bool OtlpProtobufReader::ReadResourceSpans(const ProtoField& field) {
  if (field.type != ProtoType::kBytes) {
    Refuse(kWrongType, field.where, "resource_spans that are not a message");
    return false;
  }
  resource_.attributes.clear();
  ReadEnclosing(field.bytes, kResourceRows, "resource");
  ReadContainer(field, "resource_spans", [&](const ProtoField& inner) {
    const bool has_spans = inner.number == kScopeSpans || inner.number == kLibrarySpans;
    return has_spans && ReadScopeSpans(inner);
  });
  return true;
}

bool OtlpProtobufReader::ReadScopeSpans(const ProtoField& field) {
  if (field.type != ProtoType::kBytes) {
    Refuse(kWrongType, field.where, "scope_spans that are not a message");
    return false;
  }
  resource_.scope_name = resource_.scope_version = {};
  resource_.scope_attributes.clear();
  ReadEnclosing(field.bytes, kScopeRows, "scope");
  log_count_ = 0;
  ReadContainer(field, "scope_spans", [&](const ProtoField& inner) {
    if (inner.number != kSpans) return false;
    const bool is_log = inner.type == ProtoType::kBytes && IsLogRecord(inner.bytes);
    return is_log ? ReadLog(inner) : ReadSpan(inner);
  });
  EndLogs(field.where);
  return true;
}

void OtlpProtobufReader::ReadEnclosing(std::string_view message, const Row* rows,
                                       std::string_view name) {
  ProtoCursor cursor(message);
  for (ProtoField field; cursor.Next(field);) {
    // One that is cut is reported when the message is read for its spans, and has none.
    if (field.number != kEnclosing || field.is_cut) continue;
    if (field.type != ProtoType::kBytes || Failed(ReadFields(field.bytes, rows))) {
      Lose(field, name);
    }
  }
  ReportLosses(std::string(name));
}

template <class ReadField>
bool OtlpProtobufReader::ReadContainer(const ProtoField& message, std::string_view name,
                                       ReadField read) {
  ProtoCursor cursor(message.bytes);
  for (ProtoField field; cursor.Next(field);) {
    if (read(field) && field.is_cut) return false;
  }
  const bool is_whole = !message.is_cut && !Failed(cursor.error());
  if (!is_whole) RefuseRest(message, cursor.error(), cursor.where(), name);
  return is_whole;
}

ProtoError OtlpProtobufReader::ReadFields(std::string_view message, const Row* rows) {
  ProtoCursor cursor(message);
  for (ProtoField field; cursor.Next(field) && !field.is_cut;) {
    const Row* row = rows;
    while (row->number != 0 && row->number != field.number) ++row;
    if (row->number == 0) continue;
    if (field.type == row->type) {
      (this->*row->read)(field);
    } else if (row->is_vital) {
      builder_.SetProblem(kWrongType, row->name);
    } else {
      Lose(field, row->name);
    }
  }
  return cursor.error();
}

bool OtlpProtobufReader::ReadSpan(const ProtoField& field) {
  if (field.is_cut) return false;
  if (field.type != ProtoType::kBytes) {
    Refuse(kWrongType, field.where, "a span that is not a message");
    return false;
  }
  builder_.Clear();
  links_ = "[";
  if (Failed(ReadFields(field.bytes, kSpanRows))) {
    builder_.SetProblem(kInvalidProtobuf, "a field that cannot be read");
  }
  EndSpan(field.where);
  return true;
}

bool OtlpProtobufReader::ReadLog(const ProtoField& field) {
  if (field.is_cut) return false;
  if (++log_count_ > logs_.size()) logs_.emplace_back();
  log().Clear();
  log().where = field.where;
  if (Failed(ReadFields(field.bytes, kLogRows))) {
    --log_count_;
    Refuse(kInvalidProtobuf, field.where, "a log record with a field that cannot be read");
  }
  ReportLosses("log record");
  return true;
}

void OtlpProtobufReader::ReadLogBody(const ProtoField& field) {
  const JsonError error = values_.AnyValue(field.bytes, log().body);
  if (Failed(error)) {
    Lose(field, "body", error == JsonError::kTooDeep ? kNestedTooDeeply : kMalformedPart);
  }
}

void OtlpProtobufReader::EndLogs(const char* where) {
  if (log_count_ == 0) return;
  const std::size_t unknown =
      log_spans_.Convert(std::span(logs_.data(), log_count_), resource_,
                         [&](const Span& made, const char*) { sink_->OnSpan(made); });
  if (unknown > 0) {
    Refuse(kLogsOfNoRun, where,
           std::to_string(unknown) + " of " + std::to_string(log_count_) + " log records");
  }
  log_count_ = 0;
}

void OtlpProtobufReader::EndSpan(const char* where) {
  if (links_.size() > 1) span().links = links_ += ']';
  builder_.Finish(resource_, [&](const Moment& moment, std::string_view what) {
    losses_.push_back({kImplausibleTime, moment.where, what});
  });
  const std::string name = DescribeSpan(span());
  if (builder_.problem.empty()) {
    sink_->OnSpan(span());
    return ReportLosses(name);
  }
  Refuse(builder_.problem, where, name + ": " + std::string(builder_.problem_field));
  losses_.clear();
}

void OtlpProtobufReader::ReadEvent(const ProtoField& field) {
  builder_.AddEvent();
  if (!Failed(ReadFields(field.bytes, kEventRows))) return;
  span().events.pop_back();
  Lose(field, "event");
}

void OtlpProtobufReader::ReadEventTime(const ProtoField& field) {
  const Moment moment = TimeOf(field);
  if (moment.kind == Moment::Kind::kKnown) span().events.back().time_ns = moment.ns;
  if (moment.kind == Moment::Kind::kImplausible) Lose(field, "time of an event", kImplausibleTime);
}

void OtlpProtobufReader::ReadLink(const ProtoField& field) {
  link_ = {};
  link_error_ = JsonError::kOk;
  if (Failed(ReadFields(field.bytes, kLinkRows))) link_error_ = JsonError::kWrongType;
  if (Failed(link_error_)) {
    return Lose(field, "link",
                link_error_ == JsonError::kTooDeep ? kNestedTooDeeply : kMalformedPart);
  }
  if (!link_.attributes.empty()) link_.attributes += '}';
  AppendSpanLink(link_, links_);
}

void OtlpProtobufReader::ReadLinkAttribute(const ProtoField& field) {
  link_.attributes += link_.attributes.empty() ? '{' : ',';
  const JsonError error = values_.AppendKeyValue(field.bytes, link_.attributes, 1);
  if (Failed(error)) link_error_ = error;
}

void OtlpProtobufReader::ReadStatus(const ProtoField& field) {
  if (Failed(ReadFields(field.bytes, kStatusRows))) Lose(field, "status");
}

void OtlpProtobufReader::AddAttribute(const ProtoField& field, std::vector<Attribute>& out) {
  const JsonError error = values_.KeyValue(field.bytes, out);
  if (!Failed(error)) return;
  Lose(field, "attribute", error == JsonError::kTooDeep ? kNestedTooDeeply : kMalformedPart);
}

Moment OtlpProtobufReader::TimeOf(const ProtoField& field) {
  Moment moment;
  if (field.integer <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    ReadMoment(Signed(field), moment);
  } else {
    ReadMoment(static_cast<double>(field.integer), moment);
  }
  moment.where = field.where;
  return moment;
}

void OtlpProtobufReader::ReportLosses(const std::string& of) {
  for (const Loss& loss : losses_) {
    Refuse(loss.reason, loss.where, of + ": " + std::string(loss.what));
  }
  losses_.clear();
}

void OtlpProtobufReader::RefuseRest(const ProtoField& message, ProtoError error, const char* where,
                                    std::string_view name) {
  const char* const end = message.bytes.data() + message.bytes.size();
  const bool is_at_end = end == record_->bytes.data() + record_->bytes.size();
  if (error == ProtoError::kInvalid || !is_at_end) {
    Refuse(kInvalidProtobuf, where, "in " + std::string(name));
  } else {
    Refuse(kTruncatedInput, where, std::string(name) + " is cut off");
  }
}

void OtlpProtobufReader::Refuse(std::string_view reason, const char* where,
                                std::string_view detail) {
  const auto at = static_cast<std::uint64_t>(where - record_->bytes.data());
  sink_->OnReject({std::string(reason), record_->offset + at, ShortenDetail(detail)});
}

std::unique_ptr<RecordReader> MakeReader() { return std::make_unique<Reader>(); }

}  // namespace

const Importer kOtlpProtobuf = {
    .name = "otlp_protobuf",
    .description =
        "OTLP in protobuf: an ExportTraceServiceRequest or TracesData message, or messages after "
        "their lengths as the OpenTelemetry Collector's file exporter writes them with "
        "`format: proto`",
    .short_name = "OTLP protobuf",
    .framing = Framing::kWholeInput,
    .sniff = [](const InputHead& head) { return BeginsOtlpRequest(head.bytes); },
    .make_reader = MakeReader,
};

const Importer kOtlpProtobufUint32 = {
    .name = "otlp_protobuf_uint32",
    .description = {},
    .short_name = {},
    .framing = Framing::kUint32Messages,
    .sniff =
        [](const InputHead& head) { return BeginOtlpRequests(head.bytes, LengthPrefix::kUint32); },
    .make_reader = MakeReader,
};

const Importer kOtlpProtobufVarint = {
    .name = "otlp_protobuf_varint",
    .description = {},
    .short_name = {},
    .framing = Framing::kVarintMessages,
    .sniff =
        [](const InputHead& head) { return BeginOtlpRequests(head.bytes, LengthPrefix::kVarint); },
    .make_reader = MakeReader,
};

}  // namespace halo
