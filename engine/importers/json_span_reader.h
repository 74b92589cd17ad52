// SPDX-License-Identifier: MIT
// Reads the parts of a span that JSON formats have in common. A format is a subclass that reads
// attributes and has a table of its keys (engine/json/json_fields.h), most of whose rows name the
// member functions here.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/importers/json_record_reader.h"
#include "engine/importers/span_builder.h"
#include "engine/json/json_fields.h"

namespace halo {

class JsonSpanReader : public JsonRecordReader {
 public:
  // The values of a span's keys. Null leaves its part of the span empty.
  JsonError ReadTraceId(Json& json) { return ReadId(json, 16, span().trace_id); }
  JsonError ReadSpanId(Json& json) { return ReadId(json, 8, span().span_id); }
  JsonError ReadParentId(Json& json) { return ReadId(json, 8, span().parent_id); }
  JsonError ReadTraceState(Json& json) { return ReadString(json, span().trace_state); }
  JsonError ReadName(Json& json) { return ReadString(json, span().name); }
  JsonError ReadKind(Json& json);
  // A number in any unit, a number as text, or RFC 3339.
  JsonError ReadStart(Json& json) { return ReadSpanTime(json, "start time", builder_.start); }
  JsonError ReadEnd(Json& json) { return ReadSpanTime(json, "end time", builder_.end); }
  // {"code": ..., "message": ...}, or the code alone; the code is a number or a name.
  JsonError ReadStatus(Json& json);
  JsonError ReadStatusCode(Json& json);
  JsonError ReadStatusMessage(Json& json) { return ReadString(json, span().status_message); }
  JsonError ReadAttributes(Json& json) { return ReadAttributesInto(json, span().attributes); }
  // A list of objects, each for ReadEvent.
  JsonError ReadEvents(Json& json);
  JsonError ReadEventName(Json& json) { return ReadString(json, span().events.back().name); }
  JsonError ReadEventTime(Json& json);
  JsonError ReadEventAttributes(Json& json) {
    return ReadAttributesInto(json, span().events.back().attributes);
  }

  // {"attributes": ...}, and {"name": ..., "version": ..., "attributes": ...}.
  JsonError ReadResource(Json& json) {
    return json.IsNull() ? JsonError::kOk : ReadResourceFields(json);
  }
  JsonError ReadScope(Json& json) { return json.IsNull() ? JsonError::kOk : ReadScopeFields(json); }
  JsonError ReadResourceAttributes(Json& json) {
    return ReadAttributesInto(json, resource_.attributes);
  }
  JsonError ReadScopeName(Json& json) { return ReadString(json, resource_.scope_name); }
  JsonError ReadScopeVersion(Json& json) { return ReadString(json, resource_.scope_version); }
  JsonError ReadScopeAttributes(Json& json) {
    return ReadAttributesInto(json, resource_.scope_attributes);
  }

 protected:
  // Appends the attributes in `json` to `out`.
  virtual JsonError ReadAttributesInto(Json& json, std::vector<Attribute>& out) = 0;
  // Reads into the last event of the span.
  virtual JsonError ReadEvent(Json& json) = 0;

  // Reads a whole span by the table of its keys, and hands it out or rejects it. A malformed field
  // rejects the span if it is vital; else only the field is lost.
  template <class Reader, std::size_t N>
  JsonError ReadSpan(JsonObject& object, const JsonField<Reader> (&fields)[N], Reader& reader) {
    builder_.Clear();
    const JsonError error =
        ReadFields(object, fields, span_keys_, reader,
                   [&](JsonError inner, const Json& json, const JsonField<Reader>& field) {
                     return SkipField(inner, json, field.name, field.is_vital);
                   });
    if (!Failed(error)) FinishSpan(builder_, resource_, object.data());
    return error;
  }
  // The same for an event, but skips every malformed part.
  template <class Reader, std::size_t N>
  JsonError ReadEventFields(Json& json, const JsonField<Reader> (&fields)[N], Reader& reader) {
    JsonObject object;
    if (const JsonError error = object.Open(json); Failed(error)) return error;
    return ReadFields(object, fields, event_keys_, reader,
                      [&](JsonError inner, const Json& part, const JsonField<Reader>&) {
                        return values().SkipMalformed(inner, part, "part of an event");
                      });
  }

  JsonError ReadResourceFields(Json& json);
  JsonError ReadScopeFields(Json& json);
  JsonError ReadString(Json& json, std::string_view& out);
  JsonError ReadId(Json& json, std::size_t bytes, std::string_view& out);

  // Sets `ok` to false if the value cannot be read as a time.
  JsonError ReadTime(Json& json, Moment& out, bool& ok);

  Span& span() { return builder_.span; }
  Resource& resource() { return resource_; }
  void ClearScope();

 private:
  JsonError ReadSpanTime(Json& json, std::string_view field, Moment& out);
  JsonError SkipField(JsonError error, const Json& json, std::string_view name, bool is_vital);

  Resource resource_;
  SpanBuilder builder_;
  KeyFinder span_keys_, event_keys_, status_keys_, resource_keys_, scope_keys_;
};

}  // namespace halo
