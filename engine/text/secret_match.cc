// SPDX-License-Identifier: MIT
#include "engine/text/secret_match.h"

#include <array>

namespace halo::secret {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;
using ascii::IsHex;
using ascii::IsUpper;
using ascii::IsWord;

std::size_t EscapeTail(const Window& window, const char* p) {
  const std::string_view before = window.Before(p, 1);
  const std::string_view text = window.After(p);
  if (before == "\\" && !text.empty()) {
    if (text[0] == 'n' || text[0] == 'r' || text[0] == 't') return 1;
    if (text[0] == 'u' && text.size() > 5 && IsHex(text[1]) && IsHex(text[4])) return 5;
  }
  if (before == "%" && text.size() > 2 && IsHex(text[0]) && IsHex(text[1])) return 2;
  return 0;
}

bool IsWordStart(const Window& window, const char* p) {
  if (p == window.begin || !IsWord(p[-1])) return true;
  for (const std::ptrdiff_t tail : {1, 2, 5}) {
    if (p - window.begin <= tail) return false;
    if (EscapeTail(window, p - tail) == static_cast<std::size_t>(tail)) return true;
  }
  return false;
}

bool IsPlaceholder(std::string_view value) {
  constexpr std::string_view kWords[] = {
      "string",    "str",      "null",    "none",    "true",      "false",   "object",  "required",
      "optional",  "password", "secret",  "token",   "redacted",  "masked",  "hidden",  "filtered",
      "undefined", "any",      "number",  "integer", "bytes",     "unknown", "invalid", "missing",
      "empty",     "unset",    "present", "absent",  "secretstr", "env",     "n/a",     "nil",
      "boolean",   "bool",     "text",    "default"};
  if (value.empty() || value.find(kMark) != std::string_view::npos) return true;
  const char first = value.front(), last = value.back();
  if ((first == '<' && last == '>') || (first == '{' && last == '}')) return true;
  if (first == '[' && last == ']') return true;  // "[REDACTED]"
  if (first == '$' && value.size() > 1 && (value[1] == '{' || value[1] == '(')) return true;
  if (first == '$' && std::all_of(value.begin() + 1, value.end(),
                                  [](char c) { return IsUpper(c) || IsDigit(c) || c == '_'; })) {
    return true;
  }
  if (value == "%s" || value.starts_with("%(") || (first == '%' && last == '%')) return true;
  for (const std::string_view your : {"your_", "your-", "my_", "my-", "your "}) {
    if (ascii::StartsWithFolded(value, your) && value.size() < 40 &&
        std::none_of(value.begin(), value.end(), IsDigit)) {
      return true;
    }
  }
  if (value.find("***") != std::string_view::npos || value.ends_with("...")) return true;
  if (std::all_of(value.begin(), value.end(), [&](char c) { return c == first; })) return true;
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return ascii::EqualsFolded(value, word); });
}

bool IsMixed(std::string_view value) {
  return std::any_of(value.begin(), value.end(), IsDigit) &&
         std::any_of(value.begin(), value.end(), IsAlpha);
}

}  // namespace halo::secret
