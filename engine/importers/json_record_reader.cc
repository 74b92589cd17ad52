// SPDX-License-Identifier: MIT
#include "engine/importers/json_record_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/framing/span_cutter.h"
#include "engine/framing/text_layout.h"
#include "engine/importers/reject_detail.h"
#include "engine/importers/span_builder.h"
#include "engine/json/json_repair.h"
#include "engine/json/json_space.h"
#include "engine/model/reject_reasons.h"

namespace halo {

// Reads, part by part, a record that cannot be parsed as a whole.
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
    // The damage lies between the parts.
    if (!rejected_) {
      reader_.sink_->OnReject(
          {std::string(kInvalidJson), record_.offset, ShortenDetail(record_.bytes)});
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
    const JsonError error = reader_.ReadText();
    rejected_ = rejected_ || reader_.rejects_ > rejects;
    if (Failed(error) && item.offset >= reader_.read_until_) {
      OnReject({std::string(kInvalidJson), item.offset, ShortenDetail(item.bytes)});
    }
  }

  void OnReject(Reject reject) override {
    rejected_ = true;
    if (reject.offset >= reader_.read_until_) reader_.sink_->OnReject(std::move(reject));
  }

  JsonRecordReader& reader_;
  const Record& record_;
  SpanCutter cutter_;
  bool rejected_ = false;
};

void JsonRecordReader::Read(const Record& record, SpanSink& sink) {
  sink_ = &sink;
  record_ = text_ = record.bytes;
  offset_ = record.offset;
  read_until_ = offset_;
  values_.Clear();
  if (!CanBeginJson(record.bytes)) {
    return sink.OnReject({std::string(kNotJson), record.offset, ShortenDetail(record.bytes)});
  }
  ReadEnclosing(record.resource, record.scope);
  if (Failed(ReadText())) Salvage(*this, record).Run();
  EndRecord();
}

JsonError JsonRecordReader::ReadText() {
  shifts_.clear();
  const JsonError error = Parse();
  if (error != JsonError::kBadText) return error;
  repaired_ = RepairJson(text_, shifts_);
  const std::size_t size = repaired_.size();
  repaired_.append(kJsonPadding, ' ');
  text_ = std::string_view(repaired_).substr(0, size);
  return Parse();
}

JsonError JsonRecordReader::Parse() {
  // Drops the losses of an earlier attempt, since this one records its own. Losses of an enclosing
  // resource, which is read again for each span that was cut out of it, are not reported.
  values_.losses().clear();
  Json root;
  JsonError error = cursor_.Open(text_, root);
  if (Failed(error)) return error;
  switch (root.type()) {
    case JsonType::kNone:
      return JsonError::kInvalid;
    case JsonType::kArray:
    case JsonType::kObject:
      error = ReadRoot(root);
      break;
    default:
      Refuse(kInvalidJson, text_.data(), "a JSON object was expected: " + ShortenDetail(text_));
      return JsonError::kOk;
  }
  if (Failed(error)) return error;
  return cursor_.ReadAll() ? JsonError::kOk : JsonError::kInvalid;
}

JsonError JsonRecordReader::ReadRoot(Json& root) {
  if (root.type() == JsonType::kObject) return ReadItem(root);
  return root.ForEachItem([&](Json& item) { return ReadItem(item); });
}

JsonError JsonRecordReader::ReadItem(Json& json) {
  JsonObject object;
  const JsonError error = object.Open(json);
  if (!Failed(error)) return ReadObject(object);
  if (error != JsonError::kWrongType) return error;
  Refuse(kNotASpan, json.data(), "an item of the array is not an object");
  return JsonError::kOk;
}

void JsonRecordReader::Accept(const Span& span, const char* where) {
  read_until_ = OffsetOf(where) + 1;
  sink_->OnSpan(span);
  ReportLosses(span);
  values_.losses().clear();
}

void JsonRecordReader::FinishSpan(SpanBuilder& builder, const Resource& resource,
                                  const char* where) {
  builder.Finish(resource, [&](const Moment& moment, std::string_view what) {
    values_.losses().push_back({kImplausibleTime, moment.where, what});
  });
  if (builder.problem.empty()) return Accept(builder.span, where);
  Refuse(builder.problem, where,
         DescribeSpan(builder.span) + ": " + std::string(builder.problem_field));
  values_.losses().clear();
}

void JsonRecordReader::Refuse(std::string_view reason, const char* where, std::string_view detail) {
  read_until_ = OffsetOf(where) + 1;
  ++rejects_;
  sink_->OnReject({std::string(reason), OffsetOf(where), ShortenDetail(detail)});
}

// A resource or scope may have been read more than once, and its losses recorded each time.
void JsonRecordReader::ReportLosses(const Span& span) {
  std::vector<JsonValues::Loss>& losses = values_.losses();
  std::sort(losses.begin(), losses.end(),
            [](const auto& a, const auto& b) { return a.where < b.where; });
  const char* last = nullptr;
  for (const JsonValues::Loss& loss : losses) {
    if (std::exchange(last, loss.where) == loss.where) continue;
    ++rejects_;
    sink_->OnReject({std::string(loss.reason), OffsetOf(loss.where),
                     ShortenDetail(DescribeSpan(span) + ": " + std::string(loss.what))});
  }
}

std::uint64_t JsonRecordReader::OffsetOf(const char* where) const {
  const auto at = static_cast<std::size_t>(where - text_.data());
  const auto after = std::upper_bound(
      shifts_.begin(), shifts_.end(), at,
      [](std::size_t position, const auto& entry) { return position < entry.first; });
  const std::int64_t shift = after == shifts_.begin() ? 0 : std::prev(after)->second;
  return offset_ + at - static_cast<std::uint64_t>(shift);
}

}  // namespace halo
