// SPDX-License-Identifier: MIT
// Reads a JSON text once, from front to back, with simdjson's on-demand API.
//
// On-demand readers trust the text: they may step past its last token if a skipped value is never
// closed, or if a value is missing. This layer checks the first byte of every value, and the
// brackets of every array or object that it skips, so that no text, however broken, makes them do
// so. Values that nobody reads are not checked further.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/base/same_text.h"
#include "engine/json/json_error.h"
#include "engine/json/json_space.h"
#include "engine/json/simdjson.h"

namespace halo {

class Json;

// Holds the state of one text, and buffers that the next text reuses. Not thread-safe.
class JsonCursor {
 public:
  JsonCursor() = default;
  JsonCursor(const JsonCursor&) = delete;
  JsonCursor& operator=(const JsonCursor&) = delete;

  // Starts to read `text`, which must be followed by kJsonPadding readable bytes and outlive
  // everything that is read from it. Values of the previous text become invalid.
  JsonError Open(std::string_view text, Json& root);
  // Whether the root is an array or object that was read to its end, with nothing after it.
  bool ReadAll();

 private:
  friend class Json;
  friend class JsonObject;

  // Whether the array or object that begins here closes before the last token of the text.
  bool ClosesInside(const char* begin) const;
  // Whether simdjson can safely step over the value, however much of it has been read.
  bool CanSkip(const Json& value) const;

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  std::string_view text_;
  const char* closed_ = nullptr;  // start of the array or object that was last read to its end
};

enum class JsonType : std::uint8_t { kNone, kObject, kArray, kString, kNumber, kBool, kNull };

// The only type that a value with this first byte can have; kNone if no value begins with it.
inline constexpr std::array<JsonType, 256> kJsonTypes = [] {
  std::array<JsonType, 256> types{};
  types['{'] = JsonType::kObject;
  types['['] = JsonType::kArray;
  types['"'] = JsonType::kString;
  for (const unsigned char c : {'-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}) {
    types[c] = JsonType::kNumber;
  }
  types['t'] = types['f'] = JsonType::kBool;
  types['n'] = JsonType::kNull;
  return types;
}();

// A string as written between its quotes.
class RawString {
 public:
  RawString() = default;
  // `begin` points after the opening quote of a string that is closed.
  explicit RawString(const char* begin) : begin_(begin), size_(kUnknown) {}
  RawString(const char* begin, std::size_t size) : begin_(begin), size_(size) {}

  // Whether it equals `name`, of at most 63 bytes, none of which needs an escape.
  bool Is(std::string_view name) const {
    return begin_[name.size()] == '"' && SameBytes(begin_, name.data(), name.size());
  }
  const char* data() const { return begin_; }
  // The whole string, escapes included.
  std::string_view Content() const { return {begin_, size_ == kUnknown ? FindSize() : size_}; }

 private:
  static constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
  std::size_t FindSize() const;

  const char* begin_ = nullptr;
  std::size_t size_ = 0;
};

// A value of an open text. It can be read once, and only before anything that follows it. A root
// that is neither an array nor an object has a type, but all reads of it return kWrongType.
class Json {
 public:
  Json() = default;

  JsonType type() const { return kJsonTypes[static_cast<unsigned char>(*data_)]; }
  const char* data() const { return data_; }

  // kWrongType if the value has another type; kInvalid for a number that violates the grammar or is
  // out of range.
  JsonError String(RawString& out) {
    if (*data_ != '"' || !cursor_) return JsonError::kWrongType;
    out = RawString(data_ + 1, Scalar().size() - 2);
    return JsonError::kOk;
  }
  JsonError Int64(std::int64_t& out);
  JsonError Double(double& out);
  JsonError Bool(bool& out);
  bool IsNull() { return *data_ == 'n' && cursor_ && Scalar() == "null"; }
  // A string with its quotes, number, true, false or null as written.
  std::string_view Scalar();

  // Calls use(RawString key, Json& value) for each field. Stops at the first error, of `use` or of
  // the JSON, and returns it. kWrongType if this is not an object.
  template <class Use>
  JsonError ForEachField(Use&& use);
  // The same for the items of an array: use(Json& item).
  template <class Use>
  JsonError ForEachItem(Use&& use);

 private:
  friend class JsonCursor;
  friend class JsonObject;
  // False if no value begins here.
  bool Start(JsonCursor& cursor, simdjson::ondemand::value value);

  JsonCursor* cursor_ = nullptr;  // null for a root that is neither array nor object
  const char* data_ = nullptr;
  simdjson::ondemand::value value_;
};

// An object whose fields can be read more than once.
class JsonObject {
 public:
  JsonError Open(Json& json);
  const char* data() const { return data_; }
  bool IsEmpty() const;
  // Like Json::ForEachField.
  template <class Use>
  JsonError ForEachField(Use&& use);
  // Goes back to the first field. Only after ForEachField returned kOk or an error of its callback.
  JsonError Rewind();

 private:
  JsonCursor* cursor_ = nullptr;
  const char* data_ = nullptr;
  simdjson::ondemand::object object_;
};

inline std::string_view Json::Scalar() {
  std::string_view token = value_.raw_json_token();  // up to the next one
  while (IsJsonSpace(token.back())) token.remove_suffix(1);
  return token;
}

inline JsonError JsonObject::Open(Json& json) {
  if (*json.data_ != '{') return JsonError::kWrongType;
  cursor_ = json.cursor_;
  data_ = json.data_;
  return json.value_.get_object().get(object_) == simdjson::SUCCESS ? JsonError::kOk
                                                                    : JsonError::kInvalid;
}

inline bool JsonCursor::CanSkip(const Json& value) const {
  const bool is_nested = *value.data_ == '{' || *value.data_ == '[';
  return !is_nested || closed_ == value.data_ || ClosesInside(value.data_);
}

inline bool Json::Start(JsonCursor& cursor, simdjson::ondemand::value value) {
  value_ = value;
  data_ = value.raw_json_token().data();
  cursor_ = &cursor;
  const char first = *data_;
  // Consumed at once: simdjson could mistake an unread string for a key.
  if (first == '"') return value.get_raw_json_string().error() == simdjson::SUCCESS;
  return first != ',' && first != ':' && first != ']' && first != '}';
}

// Inlined into the readers of attributes, which reads spans of many small attributes 6 % faster.
template <class Use>
[[gnu::always_inline]] inline JsonError JsonObject::ForEachField(Use&& use) {
  for (auto result : object_) {
    if (result.error() != simdjson::SUCCESS) return JsonError::kInvalid;
    simdjson::ondemand::field field = std::move(result).value_unsafe();
    Json value;
    if (!value.Start(*cursor_, field.value())) return JsonError::kInvalid;
    const RawString key(field.key().raw());
    if (const JsonError error = use(key, value); Failed(error)) return error;
    if (!cursor_->CanSkip(value)) return JsonError::kInvalid;
  }
  cursor_->closed_ = data_;
  return JsonError::kOk;
}

template <class Use>
[[gnu::always_inline]] inline JsonError Json::ForEachField(Use&& use) {
  JsonObject object;
  if (const JsonError error = object.Open(*this); Failed(error)) return error;
  return object.ForEachField(use);
}

template <class Use>
JsonError Json::ForEachItem(Use&& use) {
  if (*data_ != '[') return JsonError::kWrongType;
  simdjson::ondemand::array array;
  if (value_.get_array().get(array) != simdjson::SUCCESS) return JsonError::kInvalid;
  for (auto result : array) {
    if (result.error() != simdjson::SUCCESS) return JsonError::kInvalid;
    Json item;
    if (!item.Start(*cursor_, std::move(result).value_unsafe())) return JsonError::kInvalid;
    if (const JsonError error = use(item); Failed(error)) return error;
    if (!cursor_->CanSkip(item)) return JsonError::kInvalid;
  }
  cursor_->closed_ = data_;
  return JsonError::kOk;
}

}  // namespace halo
