// SPDX-License-Identifier: MIT
#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;

constexpr std::size_t kMaxQuoted = 256;

// Length of '…' or "…" at the front, with its quotes, or 0.
std::size_t QuotedLength(std::string_view text) {
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) return 0;
  for (std::size_t i = 1; i < text.size() && i < kMaxQuoted; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[0]) {
      return i + 1;
    }
  }
  return 0;
}

// A quoted text in a list, as opposed to the key of an object.
std::size_t ElementLength(std::string_view text) {
  const std::size_t size = QuotedLength(text);
  if (size == 0) return 0;
  Reader after(text.substr(size));
  after.TakeWhile([](char c) { return c == ' '; }, 4);
  return after.peek() == ':' || IsAlnum(text.size() > size ? text[size] : '\0') ? 0 : size;
}

bool TakeSeparator(Reader& reader) {
  Reader ahead = reader;
  const bool comma = ahead.Take(',');
  ahead.Take(' ');
  const bool word = ahead.TakeText("and ") || ahead.TakeText("or ");
  if (!comma && !word) return false;
  reader = ahead;
  return true;
}

}  // namespace

Match MatchQuoted(const TextPlace& place) {
  if (place.before() != '=') return {};
  return {QuotedLength(place.rest())};
}

Match MatchBool(const TextPlace& place) {
  if (place.before() != '=') return {};
  for (const std::string_view word : {"True", "False", "true", "false"}) {
    Reader reader(place.rest());
    if (reader.TakeText(word) && !ascii::IsWord(reader.peek())) return {word.size()};
  }
  return {};
}

Match MatchQuotedList(const TextPlace& place) {
  const char before = place.before();
  if (IsAlnum(before) || before == '\\') return {};
  const std::string_view rest = place.rest();
  const std::size_t first = ElementLength(rest);
  if (first == 0) return {};
  std::size_t size = first, count = 1;
  Reader reader(rest.substr(size));
  constexpr std::size_t kMaxElements = 256;
  while (count < kMaxElements && TakeSeparator(reader)) {
    const std::size_t element = ElementLength(reader.rest());
    if (element == 0) break;
    reader = Reader(reader.rest().substr(element));
    size = rest.size() - reader.rest().size();
    ++count;
  }
  // ['a'] is a list of one, obj['a'] is not.
  const bool alone =
      before == '[' && rest.substr(size).starts_with(']') && !IsAlnum(place.before(2));
  return {count >= 2 || alone ? size : 0};
}

Match MatchQuotedText(const TextPlace& place) {
  if (IsAlnum(place.before())) return {};  // an apostrophe
  const std::string_view rest = place.rest();
  const std::size_t end = rest.find(rest[0], 1);
  return {end == std::string_view::npos ? 0 : end + 1};
}

}  // namespace halo
