// SPDX-License-Identifier: MIT
// Reads a JSON text along the tokens that simdjson's first stage finds in it: brackets, commas,
// colons, and where strings and other scalars begin. What nobody asks for is skipped by counting
// brackets and not checked otherwise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/base/same_text.h"
#include "engine/json/simdjson.h"
#include "engine/json/value_scanner.h"

namespace halo {

class Json;

// Where in a text a token begins, as an item of the list of tokens.
using JsonToken = const std::uint32_t*;

// Holds what is known of one text, and its memory for the next one. One thread.
class JsonCursor {
 public:
  // Begins to read `text`, which 64 readable bytes follow and which must outlive all that is read
  // of it. The values of the text before are dead.
  simdjson::error_code Open(std::string_view text, Json& root);
  // Whether the root is an array or object that was read to its end and nothing stands behind it.
  bool ReadAll() const { return read_begin_ == begin_ && read_end_ == end_; }

 private:
  friend class Json;

  const char* At(JsonToken token) const { return bytes_ + *token; }
  // The token behind the value that begins with this one; null if there is none, or no value.
  JsonToken NextAfter(JsonToken token) const;
  JsonToken NextAfterOther(JsonToken token) const;
  JsonToken SkipBrackets(JsonToken token) const;
  // The array or object at `begin` was read, and closes with `last`.
  void End(JsonToken begin, JsonToken last) {
    read_begin_ = begin;
    read_end_ = last + 1;
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1_;
  const char* bytes_ = nullptr;
  JsonToken begin_ = nullptr;
  JsonToken end_ = nullptr;  // holds the size of the text
  // The array or object that was last read to its end: its first token and the one behind it.
  JsonToken read_begin_ = nullptr;
  JsonToken read_end_ = nullptr;
};

enum class JsonType : std::uint8_t { kNone, kObject, kArray, kString, kNumber, kBool, kNull };

// What a value that begins with a byte can only be; kNone where no value begins so.
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

// Whether a token stands between values or closes one.
constexpr bool IsBetweenValues(char c) { return c == ',' || c == ':' || c == ']' || c == '}'; }

// A string as it stands between its quotes.
class RawString {
 public:
  RawString() = default;
  // `begin` is behind the opening quote, `next` the token behind the string.
  RawString(const char* begin, const char* next) : begin_(begin), next_(next) {}

  // Whether it is `name`, of at most 63 bytes without anything to escape.
  bool Is(std::string_view name) const {
    return begin_[name.size()] == '"' && SameBytes(begin_, name.data(), name.size());
  }
  // With its escapes.
  std::string_view Content() const {
    const char* end = next_ - 1;
    while (IsJsonSpace(*end)) --end;
    return {begin_, static_cast<std::size_t>(end - begin_)};
  }

 private:
  const char* begin_ = nullptr;
  const char* next_ = nullptr;
};

// A value of an open text: where it begins. It can be read again and again.
class Json {
 public:
  Json() = default;

  JsonType type() const { return kJsonTypes[static_cast<unsigned char>(*data())]; }
  const char* data() const { return cursor_->At(token_); }

  // INCORRECT_TYPE where the value is another one, TAPE_ERROR where none stands. Numbers are also
  // refused, with another error, where they break the grammar or are out of range.
  simdjson::error_code String(RawString& out) const {
    if (*data() != '"') return Mismatch();
    out = {data() + 1, cursor_->At(token_ + 1)};
    return simdjson::SUCCESS;
  }
  simdjson::error_code Int64(std::int64_t& out) const;
  simdjson::error_code Double(double& out) const;
  simdjson::error_code Bool(bool& out) const;
  bool IsNull() const { return *data() == 'n' && Scalar() == "null"; }
  // What stands there of a number, truth value or null.
  std::string_view Scalar() const;

  // Whether it is the array or object of exactly these tokens, given by their first bytes.
  template <char... kTokens>
  bool Matches() const;
  // The string and the value that begin so many tokens behind, where one Matches.
  RawString StringAt(std::size_t index) const {
    return {cursor_->At(token_ + index) + 1, cursor_->At(token_ + index + 1)};
  }
  Json At(std::size_t index) const { return {*cursor_, token_ + index}; }

  // Calls use(RawString key, Json value) for each field until it returns an error, and returns
  // that; else an error if the object is broken, and INCORRECT_TYPE if this is none.
  template <class Use>
  simdjson::error_code ForEachField(Use&& use) const;
  // The same for the items of an array: use(Json item).
  template <class Use>
  simdjson::error_code ForEachItem(Use&& use) const;

 private:
  friend class JsonCursor;
  Json(JsonCursor& cursor, JsonToken token) : cursor_(&cursor), token_(token) {}

  simdjson::error_code Mismatch() const {
    return IsBetweenValues(*data()) ? simdjson::TAPE_ERROR : simdjson::INCORRECT_TYPE;
  }

  JsonCursor* cursor_ = nullptr;
  JsonToken token_ = nullptr;
};

inline JsonToken JsonCursor::NextAfter(JsonToken token) const {
  const bool is_scalar = kJsonTypes[static_cast<unsigned char>(*At(token))] >= JsonType::kString;
  return is_scalar ? token + 1 : NextAfterOther(token);
}

inline JsonToken JsonCursor::NextAfterOther(JsonToken token) const {
  const char c = *At(token);
  if (c == '{' || c == '[') {
    const JsonToken end = read_begin_ == token ? read_end_ : SkipBrackets(token);
    return end < end_ ? end : nullptr;
  }
  return IsBetweenValues(c) ? nullptr : token + 1;
}

template <char... kTokens>
bool Json::Matches() const {
  constexpr std::ptrdiff_t kCount = sizeof...(kTokens);
  if (cursor_->end_ - token_ <= kCount) return false;
  JsonToken token = token_;
  if (!((*cursor_->At(token++) == kTokens) && ...)) return false;
  cursor_->End(token_, token - 1);
  return true;
}

// The last token of a text closes its root, so one that closes nothing has another behind it. Only
// behind what is closed must be looked whether anything follows, and NextAfter does.
template <class Use>
simdjson::error_code Json::ForEachField(Use&& use) const {
  JsonCursor& cursor = *cursor_;
  JsonToken at = token_;
  if (*cursor.At(at) != '{') return Mismatch();
  if (*cursor.At(++at) == '}') return cursor.End(token_, at), simdjson::SUCCESS;
  while (true) {
    const char* const key = cursor.At(at);
    if (*key != '"') return simdjson::TAPE_ERROR;
    const char* const colon = cursor.At(at + 1);
    if (*colon != ':') return simdjson::TAPE_ERROR;
    at += 2;
    if (const auto error = use(RawString(key + 1, colon), Json(cursor, at))) return error;
    at = cursor.NextAfter(at);
    if (!at) return simdjson::TAPE_ERROR;
    const char separator = *cursor.At(at);
    if (separator == '}') return cursor.End(token_, at), simdjson::SUCCESS;
    if (separator != ',') return simdjson::TAPE_ERROR;
    ++at;
  }
}

template <class Use>
simdjson::error_code Json::ForEachItem(Use&& use) const {
  JsonCursor& cursor = *cursor_;
  JsonToken at = token_;
  if (*cursor.At(at) != '[') return Mismatch();
  if (*cursor.At(++at) == ']') return cursor.End(token_, at), simdjson::SUCCESS;
  while (true) {
    if (const auto error = use(Json(cursor, at))) return error;
    at = cursor.NextAfter(at);
    if (!at) return simdjson::TAPE_ERROR;
    const char separator = *cursor.At(at);
    if (separator == ']') return cursor.End(token_, at), simdjson::SUCCESS;
    if (separator != ',') return simdjson::TAPE_ERROR;
    ++at;
  }
}

}  // namespace halo
