// SPDX-License-Identifier: MIT
#include "engine/facts/nothing_found.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "engine/base/ascii.h"

namespace halo {
namespace {

// Longer texts hold something, whatever they say beside it.
constexpr std::size_t kMostBytes = 400;

constexpr std::string_view kEmpty[] = {"null", "none", "false", "0", "n/a", "nan", "undefined"};

// Whether a value outside of strings holds nothing.
bool IsEmptyWord(std::string_view word) {
  return std::find(std::begin(kEmpty), std::end(kEmpty), ascii::ToLower(word)) != std::end(kEmpty);
}

// JSON, or a word, all of whose values are empty: "[]", {"found":false,"order":null}. Names of
// members do not count, and "true" only beside a value that is empty.
bool IsEmptyJson(std::string_view text) {
  bool any_empty = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      const std::size_t close = text.find('"', i + 1);
      if (close == text.npos) return false;
      std::size_t after = close + 1;
      while (after < text.size() && ascii::IsSpace(text[after])) ++after;
      const bool is_name = after < text.size() && text[after] == ':';
      if (!is_name && close > i + 1) return false;
      any_empty = any_empty || !is_name;
      i = close + 1;
    } else if (ascii::IsSpace(c) || c == ',' || c == ':' || c == '[' || c == '{') {
      ++i;
    } else if (c == ']' || c == '}') {
      const std::size_t before = text.find_last_not_of(" \t\r\n", i - 1);
      any_empty = any_empty ||
                  (i > 0 && before != text.npos && (text[before] == '[' || text[before] == '{'));
      ++i;
    } else {
      std::size_t end = i;
      while (end < text.size() && std::string_view(" \t\r\n,]}").find(text[end]) == text.npos)
        ++end;
      const std::string_view word = text.substr(i, end - i);
      if (IsEmptyWord(word)) {
        any_empty = true;
      } else if (word != "true") {
        return false;
      }
      i = end;
    }
  }
  return any_empty;
}

// "No order with the number A-1": says so about whatever was asked for.
bool BeginsWithNo(std::string_view head) {
  const std::size_t begin = head.find_first_not_of(" \t\n\"'{[(");
  if (begin == head.npos) return false;
  const std::string_view rest = head.substr(begin);
  if (!rest.starts_with("no ") && !rest.starts_with("there is no ") &&
      !rest.starts_with("there are no ")) {
    return false;
  }
  const std::size_t end = rest.find_first_of(".!\n");
  return end == rest.npos || rest.size() - end < 120;
}

}  // namespace

bool SaysNothingFound(std::string_view text, const WordFinder& words) {
  if (text.size() > kMostBytes) return false;
  return IsEmptyJson(text) || BeginsWithNo(words.folded()) || words.Has(WordList::kNothingFound);
}

}  // namespace halo
