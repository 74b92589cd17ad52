// SPDX-License-Identifier: MIT
#include "engine/json/json_repair.h"

#include "engine/json/simdjson.h"

namespace halo {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

std::size_t Utf8Length(std::string_view text, std::size_t at, std::size_t& bad) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned lead = byte(at);
  bad = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  // This range of the second byte excludes overlong forms, surrogates and code points over
  // U+10FFFF.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(at + 1) < low || byte(at + 1) > high) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (bad = 2; bad < length; ++bad) {
    if ((byte(at + bad) & 0xC0) != 0x80) return 0;
  }
  return length;
}

std::string RepairJson(std::string_view text,
                       std::vector<std::pair<std::size_t, std::int64_t>>& shifts) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  shifts.clear();
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t bad;
    const std::size_t length = Utf8Length(text, i, bad);
    if (length == 0) {
      out += kReplacement;
      i += bad;
    } else if (in_string && static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += {kHex[c >> 4], kHex[c & 15]};
      ++i;
    } else if (in_string && c == '\\' && i + 1 < text.size() &&
               static_cast<unsigned char>(text[i + 1]) >= 0x20 &&
               static_cast<unsigned char>(text[i + 1]) < 0x80) {
      out += text.substr(i, 2);
      i += 2;
      continue;
    } else {
      if (c == '"') in_string = !in_string;
      out += text.substr(i, length);
      i += length;
      continue;
    }
    shifts.emplace_back(out.size(), static_cast<std::int64_t>(out.size() - i));
  }
  return out;
}

std::string_view RepairUtf8(std::string_view text, Arena& arena) {
  if (simdjson::validate_utf8(text.data(), text.size())) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t bad;
    const std::size_t length = Utf8Length(text, i, bad);
    out += length > 0 ? text.substr(i, length) : kReplacement;
    i += length > 0 ? length : bad;
  }
  return arena.Copy(out);
}

}  // namespace halo
