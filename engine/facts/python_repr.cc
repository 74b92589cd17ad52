// SPDX-License-Identifier: MIT
#include "engine/facts/python_repr.h"

#include <algorithm>
#include <cstddef>

namespace halo {

std::string_view JsonOfPythonRepr(std::string_view text, Arena& arena) {
  char* const begin = arena.Allocate(text.size() * 2);
  char* to = begin;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\'' || c == '"') {
      *to++ = '"';
      for (++i; i < text.size() && text[i] != c; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
          ++i;
          if (text[i] == '\'') {
            *to++ = '\'';
          } else {
            *to++ = '\\';
            *to++ = text[i];
          }
        } else if (text[i] == '"') {
          *to++ = '\\';
          *to++ = '"';
        } else {
          *to++ = text[i];
        }
      }
      ++i;
      *to++ = '"';
      continue;
    }
    const auto replace = [&](std::string_view word, std::string_view json) {
      if (!text.substr(i).starts_with(word)) return false;
      to = std::copy(json.begin(), json.end(), to);
      i += word.size();
      return true;
    };
    if (replace("None", "null") || replace("True", "true") || replace("False", "false")) continue;
    *to++ = c;
    ++i;
  }
  return {begin, static_cast<std::size_t>(to - begin)};
}

}  // namespace halo
