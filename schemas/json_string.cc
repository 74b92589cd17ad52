// SPDX-License-Identifier: MIT
#include "schemas/json_string.h"

namespace halo {
namespace {

void AppendEscape(char c, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
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

}  // namespace

// Most text has little to escape, so the parts in between are copied at once.
void AppendJsonEscaped(std::string_view text, std::string& out) {
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
    out.append(text, copied, i - copied);
    AppendEscape(c, out);
    copied = i + 1;
  }
  out.append(text, copied);
}

void AppendJsonString(std::string_view text, std::string& out) {
  out += '"';
  AppendJsonEscaped(text, out);
  out += '"';
}

std::size_t JsonStringBytes(std::string_view text) {
  std::size_t bytes = 2;
  for (const char c : text) {
    const bool short_escape = c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t';
    bytes += short_escape ? 2 : static_cast<unsigned char>(c) < 0x20 ? 6 : 1;
  }
  return bytes;
}

}  // namespace halo
