// SPDX-License-Identifier: MIT
// Converts the values of a JSON text to those of a span. Texts are views of the record if it
// contains them verbatim, else of an arena.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/find_bytes.h"
#include "engine/json/arena.h"
#include "engine/json/json_cursor.h"
#include "engine/json/json_error.h"
#include "engine/json/json_escapes.h"
#include "engine/model/reject_reasons.h"
#include "engine/model/span.h"

namespace halo {

// The maximum nesting of arrays and objects in a value.
inline constexpr int kMaxValueDepth = 100;

// Not thread-safe.
class JsonValues {
 public:
  // Invalidates all texts handed out.
  void Clear() { arena_.Reset(); }
  Arena& arena() { return arena_; }

  // A JSON string, decoded; a lone surrogate becomes U+FFFD.
  JsonError Text(Json& json, std::string_view& out) {
    RawString raw;
    const JsonError error = json.String(raw);
    return Failed(error) ? error : Decode(raw, out);
  }
  JsonError Decode(RawString raw, std::string_view& out) {
    const std::string_view content = raw.Content();
    const std::size_t escape = FindBackslash(content);
    if (escape < content.size()) return DecodeJsonEscapes(content, escape, arena_, out);
    out = content;
    return JsonError::kOk;
  }
  // Any value; arrays and objects become compact JSON text.
  JsonError Plain(Json& json, Value& out);
  // Appends the value as compact JSON text.
  JsonError AppendJson(Json& json, std::string& out, int depth = 0);
  JsonError AppendObject(JsonObject& object, std::string& out, int depth);

  // A part that was left out of its span.
  struct Loss {
    std::string_view reason;  // of reject_reasons.h
    const char* where;        // position in the text
    std::string_view what;    // a string literal
  };
  void RecordLoss(const Json& json, std::string_view what,
                  std::string_view reason = kMalformedPart);
  // Call after an attempt to read `json` as a `what`. Records a loss and returns kOk if the rest of
  // the text can still be read.
  JsonError SkipMalformed(JsonError error, const Json& json, std::string_view what) {
    return Failed(error) ? RecordLossFor(error, json, what) : error;
  }
  std::vector<Loss>& losses() { return losses_; }

 private:
  JsonError RecordLossFor(JsonError error, const Json& json, std::string_view what);

  Arena arena_;
  std::string scratch_;
  std::vector<Loss> losses_;
};

}  // namespace halo
