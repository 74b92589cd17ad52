// SPDX-License-Identifier: MIT
#include "engine/importers/json_span_reader.h"

#include "engine/importers/span_words.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

constexpr JsonField<JsonSpanReader> kStatusFields[] = {
    {"code", "status_code", &JsonSpanReader::ReadStatusCode},
    {"message", "description", &JsonSpanReader::ReadStatusMessage},
};

constexpr JsonField<JsonSpanReader> kResourceFields[] = {
    {"attributes", {}, &JsonSpanReader::ReadResourceAttributes},
};

constexpr JsonField<JsonSpanReader> kScopeFields[] = {
    {"name", {}, &JsonSpanReader::ReadScopeName},
    {"version", {}, &JsonSpanReader::ReadScopeVersion},
    {"attributes", {}, &JsonSpanReader::ReadScopeAttributes},
};

}  // namespace

JsonError JsonSpanReader::ReadResourceFields(Json& json) {
  return ReadFields(json, kResourceFields, resource_keys_, *this);
}

JsonError JsonSpanReader::ReadScopeFields(Json& json) {
  return ReadFields(json, kScopeFields, scope_keys_, *this);
}

JsonError JsonSpanReader::ReadString(Json& json, std::string_view& out) {
  return json.IsNull() ? JsonError::kOk : values().Text(json, out);
}

JsonError JsonSpanReader::ReadId(Json& json, std::size_t bytes, std::string_view& out) {
  std::string_view id;
  const JsonError error = ReadString(json, id);
  out = CanonicalId(id, bytes, values().arena());
  return error;
}

JsonError JsonSpanReader::ReadKind(Json& json) {
  Value value;
  const JsonError error = values().Plain(json, value);
  span().otel_kind =
      value.type == Value::Type::kInt ? KindWord(value.integer) : KindWord(value.text);
  return error;
}

JsonError JsonSpanReader::ReadStatus(Json& json) {
  if (json.type() != JsonType::kObject) return ReadStatusCode(json);
  return ReadFields(json, kStatusFields, status_keys_, *this);
}

JsonError JsonSpanReader::ReadStatusCode(Json& json) {
  Value value;
  const JsonError error = values().Plain(json, value);
  span().status = value.type == Value::Type::kInt ? StatusOf(value.integer) : StatusOf(value.text);
  return error;
}

JsonError JsonSpanReader::ReadEvents(Json& json) {
  if (json.IsNull()) return JsonError::kOk;
  return json.ForEachItem([&](Json& item) {
    JsonError error = JsonError::kWrongType;
    if (item.type() == JsonType::kObject) {
      builder_.AddEvent();
      error = ReadEvent(item);
    }
    return values().SkipMalformed(error, item, "event");
  });
}

JsonError JsonSpanReader::ReadEventTime(Json& json) {
  Moment moment;
  bool ok = true;
  const JsonError error = ReadTime(json, moment, ok);
  const bool known = moment.kind == Moment::Kind::kKnown;
  span().events.back().time_ns = known ? moment.ns : 0;
  if (!ok) values().RecordLoss(json, "time of an event");
  if (moment.kind == Moment::Kind::kImplausible) {
    values().RecordLoss(json, "time of an event", kImplausibleTime);
  }
  return error;
}

JsonError JsonSpanReader::ReadSpanTime(Json& json, std::string_view field, Moment& out) {
  bool ok = true;
  const JsonError error = ReadTime(json, out, ok);
  if (!ok) builder_.SetProblem(kInvalidTimestamp, field);
  return error;
}

JsonError JsonSpanReader::ReadTime(Json& json, Moment& out, bool& ok) {
  out = {};
  ok = true;
  switch (json.type()) {
    case JsonType::kNone:
      return JsonError::kInvalid;
    case JsonType::kNull:
      break;
    case JsonType::kString: {
      std::string_view text;
      if (const JsonError error = values().Text(json, text); Failed(error)) return error;
      ok = ReadMoment(text, out);
      break;
    }
    case JsonType::kNumber: {
      std::int64_t number = 0;
      if (!Failed(json.Int64(number))) {
        ok = ReadMoment(number, out);
        break;
      }
      double real = 0;
      if (const JsonError error = json.Double(real); Failed(error)) return error;
      ok = ReadMoment(real, out);
      break;
    }
    default:
      return JsonError::kWrongType;
  }
  out.where = json.data();
  return JsonError::kOk;
}

JsonError JsonSpanReader::SkipField(JsonError error, const Json& json, std::string_view name,
                                    bool is_vital) {
  if (error != JsonError::kWrongType || !is_vital) {
    return values().SkipMalformed(error, json, name);
  }
  builder_.SetProblem(kWrongType, name);
  return JsonError::kOk;
}

void JsonSpanReader::ClearScope() {
  resource_.scope_name = resource_.scope_version = {};
  resource_.scope_attributes.clear();
}

}  // namespace halo
