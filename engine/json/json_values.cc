// SPDX-License-Identifier: MIT
#include "engine/json/json_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

namespace halo {
namespace {

using simdjson::error_code;

constexpr std::size_t kBlockBytes = 64 << 10;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four hex digits at `at`; -1 if they are not.
int HexUnit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

char* PutUtf8(std::uint32_t code, char* out) {
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xC0 | code >> 6);
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xE0 | code >> 12);
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | code >> 18);
    *out++ = static_cast<char>(0x80 | (code >> 12 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out++ = static_cast<char>(0x80 | (code & 0x3F));
  }
  return out;
}

// The characters that a backslash before another one stands for; 0 where that is no simple escape.
constexpr std::array<char, 256> kSimpleEscapes = [] {
  std::array<char, 256> escapes{};
  constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
  for (std::size_t i = 0; i < kFrom.size(); ++i) {
    escapes[static_cast<unsigned char>(kFrom[i])] = kTo[i];
  }
  return escapes;
}();

// Decodes the \uXXXX whose four digits begin at `at`, and its low surrogate if one follows; moves
// `at` behind them. Null if they are no digits.
char* DecodeUnicodeEscape(std::string_view text, std::size_t& at, char* out) {
  constexpr std::uint32_t kReplacement = 0xFFFD;
  const int unit = HexUnit(text, at);
  if (unit < 0) return nullptr;
  at += 4;
  if (unit < 0xD800 || unit > 0xDFFF) return PutUtf8(static_cast<std::uint32_t>(unit), out);
  if (unit <= 0xDBFF && text.substr(at, 2) == "\\u") {
    const int low = HexUnit(text, at + 2);
    if (low >= 0xDC00 && low <= 0xDFFF) {
      at += 6;
      return PutUtf8(static_cast<std::uint32_t>(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)),
                     out);
    }
  }
  return PutUtf8(kReplacement, out);
}

// Moves the first eight bytes of the text, if they are digits, behind those of `value`. From
// Mula's and Lemire's "Quickly parsing eight digits", 2018.
bool TakeEightDigits(std::string_view& text, std::uint64_t& value) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t digits;
  std::memcpy(&digits, text.data(), sizeof digits);
  constexpr std::uint64_t kHigh = 0xF0F0F0F0F0F0F0F0;
  if (((digits & kHigh) | ((digits + 0x0606060606060606) & kHigh) >> 4) != 0x3333333333333333) {
    return false;
  }
  digits = (digits & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8;
  digits = (digits & 0x00FF00FF00FF00FF) * 6553601 >> 16;
  digits = (digits & 0x0000FFFF0000FFFF) * 42949672960001 >> 32;
  value = value * 100'000'000 + digits;
  text.remove_prefix(sizeof digits);
  return true;
}

}  // namespace

char* TextArena::Allocate(std::size_t size) {
  while (current_ < blocks_.size() && blocks_[current_].size - used_ < size) {
    ++current_;
    used_ = 0;
  }
  if (current_ == blocks_.size()) {
    const std::size_t block = std::max(size, kBlockBytes);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(block), block});
  }
  char* bytes = blocks_[current_].bytes.get() + used_;
  used_ += size;
  return bytes;
}

std::string_view TextArena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* bytes = Allocate(text.size());
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void TextArena::Clear() {
  // A block made for one huge value is not kept.
  std::erase_if(blocks_, [](const Block& block) { return block.size > 16 * kBlockBytes; });
  current_ = used_ = 0;
}

error_code JsonValues::DecodeEscapes(std::string_view content, std::size_t at,
                                     std::string_view& out) {
  // An escape is never shorter than its text.
  char* const begin = arena_.Allocate(content.size() + kByteSlack);
  std::memcpy(begin, content.data(), at);
  char* end = begin + at;
  while (at < content.size()) {
    if (at + 1 == content.size()) return simdjson::STRING_ERROR;
    if (content[at + 1] == 'u') {
      at += 2;
      end = DecodeUnicodeEscape(content, at, end);
      if (!end) return simdjson::STRING_ERROR;
    } else {
      const char c = kSimpleEscapes[static_cast<unsigned char>(content[at + 1])];
      if (c == 0) return simdjson::STRING_ERROR;
      *end++ = c;
      at += 2;
    }
    at = CopyToBackslash(content, at, end);
  }
  out = {begin, static_cast<std::size_t>(end - begin)};
  return simdjson::SUCCESS;
}

void JsonValues::RecordLoss(Json json, std::string_view what, std::string_view reason) {
  lost_.push_back({reason, json.data(), what});
}

error_code JsonValues::RecordLossFor(error_code error, Json json, std::string_view what) {
  if (error == simdjson::INCORRECT_TYPE) {
    RecordLoss(json, what);
  } else if (error == simdjson::DEPTH_ERROR) {
    RecordLoss(json, what, kNestedTooDeeply);
  } else {
    return error;
  }
  return simdjson::SUCCESS;
}

error_code JsonValues::Integer(Json json, std::int64_t& out, bool& ok) {
  ok = false;
  switch (json.type()) {
    case JsonType::kNone:
      return simdjson::TAPE_ERROR;
    case JsonType::kString: {
      std::string_view text;
      if (const error_code error = Text(json, text)) return error;
      ok = ParseInteger(text, out);
      return simdjson::SUCCESS;
    }
    case JsonType::kNumber: {
      ok = json.Int64(out) == simdjson::SUCCESS;
      if (ok) return simdjson::SUCCESS;
      double real;
      if (const error_code error = json.Double(real)) return error;
      if (std::nearbyint(real) == real && std::abs(real) < 9.2e18) {
        out = static_cast<std::int64_t>(real);  // 1e3, 5.0
        ok = true;
      }
      return simdjson::SUCCESS;
    }
    default:
      return simdjson::SUCCESS;
  }
}

error_code JsonValues::Plain(Json json, Value& out) {
  switch (json.type()) {
    case JsonType::kNone:
      return simdjson::TAPE_ERROR;
    case JsonType::kString:
      out.type = Value::Type::kText;
      return Text(json, out.text);
    case JsonType::kNumber: {
      std::int64_t integer;
      double real;
      if (json.Int64(integer) == simdjson::SUCCESS) {
        out = Value::Int(integer);
        return simdjson::SUCCESS;
      }
      if (const error_code error = json.Double(real)) return error;
      out = Value::Double(real);
      return simdjson::SUCCESS;
    }
    case JsonType::kBool: {
      bool truth;
      if (const error_code error = json.Bool(truth)) return error;
      out = Value::Bool(truth);
      return simdjson::SUCCESS;
    }
    case JsonType::kNull:
      out = {};
      return json.IsNull() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    default: {
      scratch_.clear();
      if (const error_code error = AppendJson(json, scratch_)) return error;
      out = Value::Json(arena_.Copy(scratch_));
      return simdjson::SUCCESS;
    }
  }
}

error_code JsonValues::AppendJson(Json json, std::string& out, int depth) {
  if (depth > kMaxValueDepth) return simdjson::DEPTH_ERROR;
  switch (json.type()) {
    case JsonType::kNone:
      return simdjson::TAPE_ERROR;
    case JsonType::kArray: {
      char separator = '[';
      const error_code error = json.ForEachItem([&](Json item) {
        out += std::exchange(separator, ',');
        return AppendJson(item, out, depth + 1);
      });
      out += separator == '[' ? "[]" : "]";
      return error;
    }
    case JsonType::kObject: {
      char separator = '{';
      const error_code error = json.ForEachField([&](RawString key, Json value) {
        std::string_view name;
        if (const error_code inner = Decode(key, name)) return inner;
        out += std::exchange(separator, ',');
        AppendJsonString(name, out);
        out += ':';
        return AppendJson(value, out, depth + 1);
      });
      out += separator == '{' ? "{}" : "}";
      return error;
    }
    case JsonType::kString: {
      std::string_view text;
      if (const error_code error = Text(json, text)) return error;
      AppendJsonString(text, out);
      return simdjson::SUCCESS;
    }
    case JsonType::kNumber: {
      double real;
      out += json.Scalar();
      return json.Double(real);
    }
    case JsonType::kBool: {
      bool truth;
      if (const error_code error = json.Bool(truth)) return error;
      out += truth ? "true" : "false";
      return simdjson::SUCCESS;
    }
    case JsonType::kNull:
      out += "null";
      return json.IsNull() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  }
  return simdjson::TAPE_ERROR;
}

void AppendJsonString(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
    out += text.substr(copied, i - copied);
    copied = i + 1;
    switch (c) {
      case '"':
      case '\\':
        out += {'\\', c};
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += {kHex[c >> 4], kHex[c & 15]};
    }
  }
  out += text.substr(copied);
  out += '"';
}

void AppendJsonValue(const Value& value, std::string& out) {
  char number[32];
  const auto put = [&](auto n) {
    out.append(number, std::to_chars(number, std::end(number), n).ptr);
  };
  switch (value.type) {
    case Value::Type::kBool:
      out += value.integer ? "true" : "false";
      break;
    case Value::Type::kInt:
      put(value.integer);
      break;
    case Value::Type::kDouble:
      std::isfinite(value.real) ? put(value.real) : void(out += "null");
      break;
    case Value::Type::kText:
    case Value::Type::kBytes:
      AppendJsonString(value.text, out);
      break;
    case Value::Type::kJson:
      out += value.text;
      break;
    default:
      out += "null";
  }
}

bool ParseInteger(std::string_view text, std::int64_t& out) {
  // Times have 19 digits, each of which would take from_chars a multiplication with a check.
  constexpr std::size_t kMostDigits = 19;
  std::uint64_t value = 0;
  if (text.size() < 8 || text.size() > kMostDigits || !TakeEightDigits(text, value)) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
  }
  if (text.size() >= 8 && !TakeEightDigits(text, value)) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (value > INT64_MAX) return false;
  out = static_cast<std::int64_t>(value);
  return true;
}

}  // namespace halo
