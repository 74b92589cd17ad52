// SPDX-License-Identifier: MIT
// Turns the values of a JSON text into those of a span. Texts are views of the record where it has
// them verbatim, else of an arena.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/find_bytes.h"
#include "engine/json/json_cursor.h"
#include "engine/model/reject_reasons.h"
#include "engine/model/span.h"

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

// Finds names in a fixed list. Emitters write keys in the same order again and again, so it looks
// first at the one that came last time after the one before.
class KeyFinder {
 public:
  // Index of the entry one of whose two spellings is the key; N if there is none.
  template <class Entry, std::size_t N>
  std::size_t Find(const Entry (&entries)[N], RawString key) {
    static_assert(N <= kMostNames);
    std::uint8_t& next = next_[last_];
    std::size_t at = next;
    for (std::size_t i = 0; i < N; ++i) {
      if (key.Is(entries[at].name) || key.Is(entries[at].other)) {
        last_ = next = static_cast<std::uint8_t>(at);
        return at;
      }
      if (++at == N) at = 0;
    }
    return N;
  }

 private:
  static constexpr std::size_t kMostNames = 16;
  std::array<std::uint8_t, kMostNames> next_{};
  std::uint8_t last_ = 0;
};

// Turns JSON values into ours. All members return an error of simdjson for JSON that is not valid;
// INCORRECT_TYPE leaves the value unread and the document usable. DEPTH_ERROR: deeper than
// kMaxValueDepth.
class JsonValues {
 public:
  using ErrorCode = simdjson::error_code;

  // Forgets all texts handed out.
  void Clear() { arena_.Clear(); }
  TextArena& arena() { return arena_; }

  // A JSON string, decoded; a lone surrogate becomes U+FFFD.
  ErrorCode Text(Json json, std::string_view& out) {
    RawString raw;
    const ErrorCode error = json.String(raw);
    return error ? error : Decode(raw, out);
  }
  // The same of the string itself.
  ErrorCode Decode(RawString raw, std::string_view& out) {
    const std::string_view content = raw.Content();
    const std::size_t escape = FindBackslash(content);
    if (escape < content.size()) return DecodeEscapes(content, escape, out);
    out = content;
    return simdjson::SUCCESS;
  }
  // An integer, or a string that holds one. `ok` is false if it is neither or out of range.
  ErrorCode Integer(Json json, std::int64_t& out, bool& ok);
  // Any value as it stands; arrays and objects become compact JSON text.
  ErrorCode Plain(Json json, Value& out);
  // The same as JSON text, behind `out`.
  ErrorCode AppendJson(Json json, std::string& out, int depth = 0);

  // A part that is left out of its span.
  struct Lost {
    std::string_view reason;  // of reject_reasons.h
    const char* where;        // in the document
    std::string_view what;    // a literal
  };
  void RecordLoss(Json json, std::string_view what, std::string_view reason = kMalformedPart);
  // After an attempt to read `json` as a `what`: success when the rest of the document can be read
  // without it.
  ErrorCode SkipMalformed(ErrorCode error, Json json, std::string_view what) {
    return error ? RecordLossFor(error, json, what) : error;
  }
  std::vector<Lost>& losses() { return lost_; }

 private:
  // The first escape stands at `at`.
  ErrorCode DecodeEscapes(std::string_view content, std::size_t at, std::string_view& out);
  ErrorCode RecordLossFor(ErrorCode error, Json json, std::string_view what);

  TextArena arena_;
  std::string scratch_;
  std::vector<Lost> lost_;
};

// `text` as a JSON string with its quotes, behind `out`.
void AppendJsonString(std::string_view text, std::string& out);
void AppendJsonValue(const Value& value, std::string& out);

// A number as a decimal text, all of it.
bool ParseInteger(std::string_view text, std::int64_t& out);

}  // namespace halo
