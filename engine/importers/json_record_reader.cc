// SPDX-License-Identifier: MIT
#include "engine/importers/json_record_reader.h"

#include <algorithm>
#include <utility>

#include "engine/importers/json_repair.h"
#include "engine/importers/reject_reasons.h"
#include "engine/importers/span_cutter.h"
#include "engine/importers/span_words.h"
#include "engine/importers/value_scanner.h"

namespace halo {
namespace {

namespace ondemand = simdjson::ondemand;

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

JsonRecordReader::ErrorCode JsonRecordReader::Open(std::string_view text,
                                                   ondemand::document& document) {
  values_.SetDocument(text);
  return parser_
      .iterate(simdjson::padded_string_view(text.data(), text.size(),
                                            text.size() + simdjson::SIMDJSON_PADDING))
      .get(document);
}

JsonRecordReader::ErrorCode JsonRecordReader::Parse() {
  // What a reading before this one lost is lost again or not at all. Of an enclosing resource,
  // which is read for each span that was cut out of it, nothing is told.
  values_.lost().clear();
  ondemand::document document;
  if (const ErrorCode error = Open(text_, document)) return error;
  ondemand::json_type type;
  if (const ErrorCode error = document.type().get(type)) return error;
  if (type == ondemand::json_type::array) {
    ondemand::array items;
    if (const ErrorCode error = document.get_array().get(items)) return error;
    for (auto item : items) {
      Json json;
      if (const ErrorCode error = item.get(json)) return error;
      if (const ErrorCode error = ReadItem(json)) return error;
    }
  } else if (type == ondemand::json_type::object) {
    Object object;
    if (const ErrorCode error = document.get_object().get(object)) return error;
    if (const ErrorCode error = ReadObject(object, text_.data())) return error;
  } else {
    Refuse(kInvalidJson, text_.data(), "a JSON object was expected: " + Shorten(text_));
    return simdjson::SUCCESS;
  }
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return at_end ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadItem(Json& json) {
  const char* const where = json.raw_json_token().data();
  Object object;
  if (const ErrorCode error = json.get_object().get(object)) {
    if (error != simdjson::INCORRECT_TYPE) return error;
    Refuse(kNotASpan, where, "an item of the array is not an object");
    return simdjson::SUCCESS;
  }
  return ReadObject(object, where);
}

JsonRecordReader::ErrorCode JsonRecordReader::EndField(ErrorCode error, Json& json,
                                                       std::string_view name, bool vital,
                                                       SpanBuilder& builder) {
  if (error != simdjson::INCORRECT_TYPE || !vital) return values_.OrLose(error, json, name);
  builder.SetProblem(kWrongType, name);
  return simdjson::SUCCESS;
}

void JsonRecordReader::EndSpan(SpanBuilder& builder, const char* where) {
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
  values_.lost().clear();
}

// A resource or scope may have been read more than once, and so what is lost of it.
void JsonRecordReader::TellLost(const Span& span) {
  std::vector<JsonValues::Lost>& lost = values_.lost();
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

JsonRecordReader::ErrorCode JsonRecordReader::ReadString(Json& json, std::string_view& out) {
  return IsNull(json) ? simdjson::SUCCESS : values_.Text(json, out);
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadId(Json& json, std::size_t bytes,
                                                     std::string_view& out) {
  std::string_view id;
  const ErrorCode error = ReadString(json, id);
  out = CanonicalId(id, bytes, values_.arena());
  return error;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadKind(Json& json, std::string_view& out) {
  Value value;
  const ErrorCode error = values_.Plain(json, value);
  out = value.type == Value::Type::kInt ? KindWord(value.integer) : KindWord(value.text);
  return error;
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadStatus(Json& json, Span& span) {
  Object object;
  const ErrorCode error = json.get_object().get(object);
  if (error == simdjson::INCORRECT_TYPE) return ReadStatusCode(json, span.status);
  if (error) return error;
  return ForEachField(object, [&](RawKey key, Json& value) {
    if (key.Is("code") || key.Is("status_code")) return ReadStatusCode(value, span.status);
    if (key.Is("message") || key.Is("description")) return ReadString(value, span.status_message);
    return simdjson::SUCCESS;
  });
}

JsonRecordReader::ErrorCode JsonRecordReader::ReadStatusCode(Json& json, StatusCode& out) {
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
