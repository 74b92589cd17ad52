// SPDX-License-Identifier: MIT
// Reads the values of a span out of a simdjson document. Texts are views of the record where it
// has them verbatim, else of an arena; simdjson's own string buffer is not used.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/importers/reject_reasons.h"
#include "engine/importers/simdjson.h"
#include "engine/same_text.h"
#include "engine/span.h"

namespace halo {

// Bytes that live until the next Clear. Memory is kept.
class TextArena {
 public:
  char* Allocate(std::size_t size);
  std::string_view Copy(std::string_view text);
  void Clear();

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;  // of blocks_[current_]
};

// Arrays and objects inside each other, at most this deep.
inline constexpr int kMaxValueDepth = 100;

// A key as it stands in the document, behind its opening quote; 64 readable bytes follow.
class RawKey {
 public:
  explicit RawKey(const char* text) : text_(text) {}
  // Whether it is `name`, of at most 63 bytes without anything to escape.
  bool Is(std::string_view name) const {
    return text_[name.size()] == '"' && text_[0] == name[0] &&
           SameBytes(text_, name.data(), name.size());
  }

 private:
  friend class JsonValues;
  const char* text_;
};

// Finds names in a fixed list. Emitters write keys in the same order again and again, so it looks
// first behind the one that was found last.
class KeyFinder {
 public:
  // Index of the entry one of whose two spellings is the key; N if there is none.
  template <class Entry, std::size_t N>
  std::size_t Find(const Entry (&entries)[N], RawKey key) {
    std::size_t at = next_;
    for (std::size_t i = 0; i < N; ++i, ++at) {
      if (at >= N) at = 0;
      if (key.Is(entries[at].name) || key.Is(entries[at].other)) {
        next_ = at + 1;
        return at;
      }
    }
    return N;
  }

 private:
  std::size_t next_ = 0;
};

// Turns JSON values into ours. All members return an error of simdjson for JSON that is not valid;
// INCORRECT_TYPE leaves the value unread and the document usable. DEPTH_ERROR: deeper than
// kMaxValueDepth.
class JsonValues {
 public:
  using Json = simdjson::ondemand::value;
  using ErrorCode = simdjson::error_code;

  // Forgets all texts handed out.
  void Clear() { arena_.Clear(); }
  // What is parsed from now on; keys are found in it.
  void SetDocument(std::string_view document) { document_ = document; }
  TextArena& arena() { return arena_; }

  // A JSON string, decoded; a lone surrogate becomes U+FFFD.
  ErrorCode Text(Json& json, std::string_view& out);
  // The decoded text of a key.
  ErrorCode KeyText(RawKey key, std::string_view& out);
  // An integer, or a string that holds one. `ok` is false if it is neither or out of range.
  ErrorCode Integer(Json& json, std::int64_t& out, bool& ok);
  // Any value as it stands; arrays and objects become compact JSON text.
  ErrorCode Plain(Json& json, Value& out);
  // The same as JSON text, behind `out`.
  ErrorCode AppendJson(Json& json, std::string& out, int depth = 0);
  ErrorCode AppendObject(simdjson::ondemand::object& object, std::string& out, int depth);

  // A part that is left out of its span.
  struct Lost {
    std::string_view reason;  // of reject_reasons.h
    const char* where;        // in the document
    std::string_view what;    // a literal
  };
  void Lose(Json& json, std::string_view what, std::string_view reason = kMalformedPart) {
    lost_.push_back({reason, json.raw_json_token().data(), what});
  }
  // After an attempt to read `json` as a `what`: success when the rest of the document can be read
  // without it.
  ErrorCode OrLose(ErrorCode error, Json& json, std::string_view what) {
    if (error == simdjson::INCORRECT_TYPE) {
      Lose(json, what);
    } else if (error == simdjson::DEPTH_ERROR) {
      Lose(json, what, kNestedTooDeeply);
    } else {
      return error;
    }
    return simdjson::SUCCESS;
  }
  std::vector<Lost>& lost() { return lost_; }

 private:
  ErrorCode Decode(std::string_view content, std::string_view& out);

  TextArena arena_;
  std::string_view document_;
  std::string scratch_;
  std::vector<Lost> lost_;
};

// Whether it is `null`, and not something that only begins like it.
inline bool IsNull(simdjson::ondemand::value& json) {
  bool is_null = false;
  return json.is_null().get(is_null) == simdjson::SUCCESS && is_null;
}

// Calls use(key, value) for each field of the object until it returns an error.
template <class Use>
simdjson::error_code ForEachField(simdjson::ondemand::object& object, Use&& use) {
  for (auto member : object) {
    if (const auto error = member.error()) return error;
    auto&& field = std::move(member).value_unsafe();  // a copy would cost as much as the rest
    if (const auto error = use(RawKey(field.key().raw()), field.value())) return error;
  }
  return simdjson::SUCCESS;
}

// Calls use(item) for each item of an array until it returns an error. INCORRECT_TYPE if `json` is
// no array.
template <class Use>
simdjson::error_code ForEachItem(simdjson::ondemand::value& json, Use&& use) {
  simdjson::ondemand::array array;
  if (const auto error = json.get_array().get(array)) return error;
  for (auto item : array) {
    if (const auto error = item.error()) return error;
    auto&& value = std::move(item).value_unsafe();
    if (const auto error = use(value)) return error;
  }
  return simdjson::SUCCESS;
}

// `text` as a JSON string with its quotes, behind `out`.
void AppendJsonString(std::string_view text, std::string& out);
void AppendJsonValue(const Value& value, std::string& out);

// A number as a decimal text, all of it.
bool ParseInteger(std::string_view text, std::int64_t& out);

}  // namespace halo
