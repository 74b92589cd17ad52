// SPDX-License-Identifier: MIT
#include "engine/framing/text_layout.h"

#include "engine/base/ascii.h"
#include "engine/json/json_space.h"
#include "engine/json/value_scanner.h"

namespace halo {
namespace {

// Lines of other output before the first value. Later ones cost nothing if the values are on lines
// of their own or open with one (OpensDocument).
constexpr int kOtherLines = 64;
constexpr std::size_t kMaxColourCode = 16;

// Removes the next line that is not blank from `rest` and returns it without its line feed. Empty
// if no line is complete; the end of the text counts as a line feed if `final`.
std::string_view NextLine(std::string_view& rest, bool final) {
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos && !final) return {};
    const std::string_view line = TrimLine(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.empty()) return line;
  }
  return {};
}

}  // namespace

Layout DecideLayout(std::string_view text, bool final) {
  std::string_view first = NextLine(text, final);
  for (int others = 0; !first.empty() && !CanBeginJson(first); ++others) {
    if (others == kOtherLines) return Layout::kLines;
    first = NextLine(text, final);
    if (first.empty() && final) return Layout::kLines;
  }
  if (first.empty()) return Layout::kUndecided;
  ValueScanner scanner;
  const std::size_t end = scanner.Scan(first);
  if (scanner.state() == ValueScanner::State::kDone) {
    return end == first.size() ? Layout::kLines : Layout::kDocuments;
  }
  if (scanner.state() == ValueScanner::State::kBroken || scanner.in_string()) {
    return Layout::kLines;
  }
  const std::string_view second = NextLine(text, final);
  if (second.empty()) return final ? Layout::kDocuments : Layout::kUndecided;
  const bool value_may_follow = first.back() == ':' || first.back() == '[' || first.back() == ',';
  return second[0] == '{' && !value_may_follow ? Layout::kLines : Layout::kDocuments;
}

bool CanBeginJson(std::string_view text) {
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return false;
  const std::string_view inner = SkipJsonSpace(text.substr(1));
  if (inner.empty() || inner[0] == '"') return true;
  return text[0] == '{' ? inner[0] == '}' : inner[0] == '{' || inner[0] == '[' || inner[0] == ']';
}

bool OpensDocument(std::string_view line) {
  line = TrimLine(line);
  return line == "{" || line == "[";
}

std::size_t ColourCodeSize(std::string_view text) {
  if (!text.starts_with("\x1B[")) return 0;
  std::size_t size = 2;
  while (size < text.size() && size < kMaxColourCode &&
         (ascii::IsDigit(text[size]) || text[size] == ';')) {
    ++size;
  }
  return size < text.size() && text[size] == 'm' ? size + 1 : 0;
}

std::string_view TrimLine(std::string_view text) {
  text = TrimJsonSpace(text);
  while (const std::size_t code = ColourCodeSize(text)) {
    text = SkipJsonSpace(text.substr(code));
  }
  while (text.ends_with('m')) {
    const std::size_t escape = text.rfind('\x1B');
    if (escape == text.npos || ColourCodeSize(text.substr(escape)) != text.size() - escape) break;
    text = TrimJsonSpace(text.substr(0, escape));
  }
  return text;
}

}  // namespace halo
