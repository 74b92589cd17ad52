// SPDX-License-Identifier: MIT
#include "engine/importers/json_record_reader.h"

#include <algorithm>
#include <utility>

#include "engine/framing/span_cutter.h"
#include "engine/importers/span_words.h"
#include "engine/json/json_repair.h"
#include "engine/json/value_scanner.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

std::string Shorten(std::string_view text) {
  constexpr std::size_t kMaxDetail = 200;
  if (text.size() <= kMaxDetail) return std::string(text);
  return std::string(text.substr(0, kMaxDetail - 3)) + "...";
}

std::string Describe(const Span& span) {
  return "span " + std::string(span.span_id) + " '" + std::string(span.name) + "'";
}

bool MayBeRepaired(simdjson::error_code error) {
  return error == simdjson::UTF8_ERROR || error == simdjson::UNESCAPED_CHARS;
}

}  // namespace

// Reads a record that cannot be parsed as a whole part by part.
class JsonRecordReader::Salvage final : public CutSink {
 public:
  Salvage(JsonRecordReader& reader, const Record& record) : reader_(reader), record_(record) {}

  void Run() {
    std::string_view rest = record_.bytes;
    while (!rest.empty()) {
      cutter_.Begin(record_.offset + (record_.bytes.size() - rest.size()));
      rest.remove_prefix(cutter_.Feed(rest, *this));
      if (!cutter_.done() && !cutter_.broken()) cutter_.Abandon(*this);
      rest = cutter_.done() ? TrimJsonSpace(rest) : std::string_view();
    }
    // What is broken stands between the parts.
    if (!refused_) {
      reader_.sink_->OnReject({std::string(kInvalidJson), record_.offset, Shorten(record_.bytes)});
    }
  }

 private:
  void OnItem(const CutItem& item) override {
    if (item.offset < reader_.read_until_) return;
    reader_.text_ = item.bytes;
    reader_.offset_ = item.offset;
    reader_.ReadEnclosing(item.resource.empty() ? record_.resource : item.resource,
                          item.scope.empty() ? record_.scope : item.scope);
    const std::uint64_t rejects = reader_.rejects_;
    const ErrorCode error = reader_.ReadText();
    refused_ = refused_ || reader_.rejects_ > rejects;
    if (error && item.offset >= reader_.read_until_) {
      OnReject({std::string(kInvalidJson), item.offset, Shorten(item.bytes)});
    }
  }

  void OnReject(Reject reject) override {
    refused_ = true;
    if (reject.offset >= reader_.read_until_) reader_.sink_->OnReject(std::move(reject));
  }

  JsonRecordReader& reader_;
  const Record& record_;
  SpanCutter cutter_;
  bool refused_ = false;
};

void JsonRecordReader::Read(const Record& record, SpanSink& sink) {
  sink_ = &sink;
  text_ = record.bytes;
  offset_ = record.offset;
  read_until_ = offset_;
  values_.Clear();
  ReadEnclosing(record.resource, record.scope);
  if (ReadText()) Salvage(*this, record).Run();
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadText() {
  shifts_.clear();
  ErrorCode error = Parse();
  if (!MayBeRepaired(error)) return error;
  repaired_ = RepairJson(text_, shifts_);
  const std::size_t size = repaired_.size();
  repaired_.append(simdjson::SIMDJSON_PADDING, ' ');
  text_ = std::string_view(repaired_).substr(0, size);
  return Parse();
}

JsonRecordReader::ErrorCode JsonRecordReader::Parse() {
  // What a reading before this one lost is lost again or not at all. Of an enclosing resource,
  // which is read for each span that was cut out of it, nothing is told.
  values_.losses().clear();
  Json root;
  if (const ErrorCode error = cursor_.Open(text_, root)) return error;
  ErrorCode error = simdjson::SUCCESS;
  switch (root.type()) {
    case JsonType::kNone:
      return simdjson::TAPE_ERROR;
    case JsonType::kArray:
      error = root.ForEachItem([&](Json item) { return ReadItem(item); });
      break;
    case JsonType::kObject:
      error = ReadObject(root);
      break;
    default:
      Refuse(kInvalidJson, text_.data(), "a JSON object was expected: " + Shorten(text_));
      return simdjson::SUCCESS;
  }
  if (error) return error;
  return cursor_.ReadAll() ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadItem(Json json) {
  if (json.type() == JsonType::kObject) return ReadObject(json);
  Refuse(kNotASpan, json.data(), "an item of the array is not an object");
  return simdjson::SUCCESS;
}

JsonRecordReader::ErrorCode JsonRecordReader::FailField(ErrorCode error, Json json,
                                                        std::string_view name, bool vital,
                                                        SpanBuilder& builder) {
  if (error != simdjson::INCORRECT_TYPE || !vital) return values_.SkipMalformed(error, json, name);
  builder.SetProblem(kWrongType, name);
  return simdjson::SUCCESS;
}

void JsonRecordReader::EndSpan(SpanBuilder& builder, const char* where) {
  SettleTimes(builder);
  const Span& span = builder.span;
  if (builder.problem.empty() && span.trace_id.empty()) {
    builder.SetProblem(kMissingTraceId, "traceId");
  }
  if (builder.problem.empty() && span.span_id.empty()) {
    builder.SetProblem(kMissingSpanId, "spanId");
  }
  if (builder.problem.empty()) {
    read_until_ = OffsetOf(where) + 1;
    sink_->OnSpan(span);
    TellLost(span);
  } else {
    Refuse(builder.problem, where, Describe(span) + ": " + std::string(builder.problem_field));
  }
  values_.losses().clear();
}

// A time that cannot be is left out and counted; the span has ended all the same.
void JsonRecordReader::SettleTimes(SpanBuilder& builder) {
  using MomentKind = Moment::Kind;
  const auto lose = [&](const Moment& moment, std::string_view what) {
    values_.losses().push_back({kImplausibleTime, moment.where, what});
  };
  const Moment& start = builder.start;
  const Moment& end = builder.end;
  if (start.kind == MomentKind::kKnown) builder.span.start_ns = start.ns;
  if (start.kind == MomentKind::kImplausible) lose(start, "start time");
  if (end.kind == MomentKind::kAbsent) return;
  if (end.kind == MomentKind::kKnown && SameClock(start, end)) {
    builder.span.end_ns = end.ns;
  } else {
    builder.span.end_ns = kUnknownEnd;
    lose(end, "end time");
  }
}

// A resource or scope may have been read more than once, and so what is lost of it.
void JsonRecordReader::TellLost(const Span& span) {
  std::vector<JsonValues::Lost>& lost = values_.losses();
  std::sort(lost.begin(), lost.end(),
            [](const auto& a, const auto& b) { return a.where < b.where; });
  const char* last = nullptr;
  for (const JsonValues::Lost& part : lost) {
    if (std::exchange(last, part.where) == part.where) continue;
    ++rejects_;
    sink_->OnReject({std::string(part.reason), OffsetOf(part.where),
                     Shorten(Describe(span) + ": " + std::string(part.what))});
  }
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadString(Json json, std::string_view& out) {
  return json.IsNull() ? simdjson::SUCCESS : values_.Text(json, out);
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadId(Json json, std::size_t bytes,
                                                     std::string_view& out) {
  std::string_view id;
  const ErrorCode error = ReadString(json, id);
  out = CanonicalId(id, bytes, values_.arena());
  return error;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadKind(Json json, std::string_view& out) {
  Value value;
  const ErrorCode error = values_.Plain(json, value);
  out = value.type == Value::Type::kInt ? KindWord(value.integer) : KindWord(value.text);
  return error;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadTime(Json json, Moment& out, bool& ok) {
  out = {};
  ok = true;
  switch (json.type()) {
    case JsonType::kNone:
      return simdjson::TAPE_ERROR;
    case JsonType::kNull:
      break;
    case JsonType::kString: {
      std::string_view text;
      if (const ErrorCode error = values_.Text(json, text)) return error;
      ok = ReadMoment(text, out);
      break;
    }
    case JsonType::kNumber: {
      std::int64_t number = 0;
      if (json.Int64(number) == simdjson::SUCCESS) {
        ok = ReadMoment(number, out);
        break;
      }
      double real = 0;
      if (const ErrorCode error = json.Double(real)) return error;
      ok = ReadMoment(real, out);
      break;
    }
    default:
      return simdjson::INCORRECT_TYPE;
  }
  out.where = json.data();
  return simdjson::SUCCESS;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadSpanTime(Json json, std::string_view field,
                                                           SpanBuilder& builder, Moment& out) {
  bool ok = true;
  const ErrorCode error = ReadTime(json, out, ok);
  if (!ok) builder.SetProblem(kInvalidTimestamp, field);
  return error;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadEventTime(Json json, std::int64_t& out) {
  Moment moment;
  bool ok = true;
  const ErrorCode error = ReadTime(json, moment, ok);
  out = moment.kind == Moment::Kind::kKnown ? moment.ns : 0;
  if (!ok) values_.RecordLoss(json, "time of an event");
  if (moment.kind == Moment::Kind::kImplausible) {
    values_.RecordLoss(json, "time of an event", kImplausibleTime);
  }
  return error;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadStatus(Json json, Span& span) {
  if (json.type() != JsonType::kObject) return ReadStatusCode(json, span.status);
  return json.ForEachField([&](RawString key, Json value) {
    if (key.Is("code") || key.Is("status_code")) return ReadStatusCode(value, span.status);
    if (key.Is("message") || key.Is("description")) return ReadString(value, span.status_message);
    return simdjson::SUCCESS;
  });
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadStatusCode(Json json, StatusCode& out) {
  Value value;
  const ErrorCode error = values_.Plain(json, value);
  out = value.type == Value::Type::kInt ? StatusOf(value.integer) : StatusOf(value.text);
  return error;
}

std::uint64_t JsonRecordReader::OffsetOf(const char* where) const {
  const auto at = static_cast<std::size_t>(where - text_.data());
  std::int64_t shift = 0;
  for (const auto& [from, by] : shifts_) {
    if (from > at) break;
    shift = by;
  }
  return offset_ + at - static_cast<std::uint64_t>(shift);
}

void JsonRecordReader::Refuse(std::string_view reason, const char* where, std::string_view detail) {
  read_until_ = OffsetOf(where) + 1;
  ++rejects_;
  sink_->OnReject({std::string(reason), OffsetOf(where), Shorten(detail)});
}

}  // namespace halo
