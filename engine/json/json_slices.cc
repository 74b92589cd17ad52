// SPDX-License-Identifier: MIT
#include "engine/json/json_slices.h"

#include "engine/json/json_space.h"
#include "engine/json/value_scanner.h"

namespace halo {
namespace {

// Whether numbers or words have this character.
constexpr bool IsOfScalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '+' || c == '.';
}

// The size of the value that `text` starts with; 0 if none does, or if it does not end.
std::size_t ValueSize(std::string_view text) {
  if (text.empty()) return 0;
  const char first = text.front();
  if (first == '{' || first == '[' || first == '"') {
    ValueScanner scanner;
    const std::size_t size = scanner.Scan(text);
    return scanner.state() == ValueScanner::State::kDone ? size : 0;
  }
  std::size_t size = 0;
  while (size < text.size() && IsOfScalar(text[size])) ++size;
  return size;
}

// Takes a value from the start of `text`; empty if there is none.
std::string_view TakeValue(std::string_view& text) {
  text = SkipJsonSpace(text);
  const std::string_view value = text.substr(0, ValueSize(text));
  text = SkipJsonSpace(text.substr(value.size()));
  return value;
}

bool Take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text = SkipJsonSpace(text.substr(1));
  return true;
}

// Calls take_one(text), which removes one item from its start, for each item between the brackets.
bool ForEach(std::string_view text, char open, char close,
             const std::function<bool(std::string_view&)>& take_one) {
  text = SkipJsonSpace(text);
  if (!Take(text, open)) return false;
  if (Take(text, close)) return text.empty();
  do {
    if (!take_one(text)) return false;
  } while (Take(text, ','));
  return Take(text, close) && text.empty();
}

}  // namespace

bool ForEachMemberText(
    std::string_view text,
    const std::function<void(std::string_view key, std::string_view value)>& use) {
  return ForEach(text, '{', '}', [&](std::string_view& rest) {
    const std::string_view key = TakeValue(rest);
    if (key.size() < 2 || key.front() != '"' || !Take(rest, ':')) return false;
    const std::string_view value = TakeValue(rest);
    if (value.empty()) return false;
    use(key.substr(1, key.size() - 2), value);
    return true;
  });
}

bool ForEachItemText(std::string_view text, const std::function<void(std::string_view item)>& use) {
  return ForEach(text, '[', ']', [&](std::string_view& rest) {
    const std::string_view item = TakeValue(rest);
    if (!item.empty()) use(item);
    return !item.empty();
  });
}

std::string_view MemberText(std::string_view object, std::string_view key) {
  std::string_view found;
  ForEachMemberText(object, [&](std::string_view name, std::string_view value) {
    if (found.empty() && name == key) found = value;
  });
  return found;
}

}  // namespace halo
