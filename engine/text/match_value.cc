// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

constexpr std::size_t kMostQuoted = 1024;
constexpr std::size_t kMostName = 64;

// Words before the quoted name of something in the harness.
constexpr std::string_view kNamedBefore[] = {
    "argument", "arguments", "attribute", "class",  "column",    "command",    "constraint",
    "field",    "flag",      "function",  "import", "keyword",   "method",     "module",
    "named",    "option",    "package",   "param",  "parameter", "parameters", "property",
    "reading",  "relation",  "table",     "tool",   "tools",     "type"};

// What follows such a name.
constexpr std::string_view kNamedAfter[] = {
    " object",   " is a required", " is required", " property",   " parameter", " argument",
    " module",   " tool",          " function",    " method",     " field",     " was unexpected",
    " instance", " must be",       " should be",   " is missing", " column"};

// Members of a JSON error whose values tell errors apart.
constexpr std::string_view kTellingKeys[] = {"cause",
                                             "code",
                                             "detail",
                                             "details",
                                             "error",
                                             "error_code",
                                             "error_description",
                                             "errorCode",
                                             "error_type",
                                             "errors",
                                             "exception",
                                             "expected",
                                             "message",
                                             "msg",
                                             "param",
                                             "reason",
                                             "received",
                                             "status",
                                             "title",
                                             "type"};

template <std::size_t kSize>
bool IsAmong(std::string_view word, const std::string_view (&words)[kSize]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view known) { return ascii::EqualsFolded(word, known); });
}

struct Quotes {
  std::string_view open, close;
};
constexpr Quotes kQuotes[] = {{"'", "'"}, {"\"", "\""}, {"`", "`"}, {"‘", "’"}, {"“", "”"}};

// The length of a quoted text with its quotes, and the text; 0 if the quote does not open.
std::size_t QuotedAt(std::string_view rest, std::string_view& inside) {
  for (const Quotes& quotes : kQuotes) {
    if (!rest.starts_with(quotes.open)) continue;
    // ``` begins a block.
    const std::size_t fence = rest.starts_with("```") ? 3 : quotes.open.size();
    const std::string_view close = fence == 3 ? rest.substr(0, 3) : quotes.close;
    std::size_t at = fence;
    while ((at = rest.substr(0, kMostQuoted).find(close, at)) != std::string_view::npos) {
      const std::size_t end = at + close.size();
      const bool escaped = rest[at - 1] == '\\' && at > fence;
      // An apostrophe: 'it isn't there'.
      if (!escaped && (end == rest.size() || !ascii::IsAlnum(rest[end]))) {
        inside = rest.substr(fence, at - fence);
        return end;
      }
      at = end;
    }
    return 0;
  }
  return 0;
}

bool MayOpen(char before) {
  return before == '\0' || std::string_view(" ([{=:,|/").find(before) != std::string_view::npos;
}

bool IsName(std::string_view text) {
  if (text.empty() || text.size() > kMostName || ascii::IsDigit(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return ascii::IsWord(c) || c == '.' || c == '[' || c == ']' || c == '/';
  });
}

// A name in code: no capitals inside words of prose, as in the key of a KeyError.
bool IsIdentifier(std::string_view text) {
  return !text.empty() && ascii::IsLower(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return ascii::IsLower(c) || ascii::IsDigit(c) || c == '_'; });
}

bool NamesThing(const TextPlace& place, std::string_view inside, std::size_t size) {
  if (!IsName(inside)) return false;
  const std::string_view after = place.rest().substr(size);
  if (IsAmong(WordBefore(place), kNamedBefore)) return true;
  for (const std::string_view words : kNamedAfter) {
    if (after.starts_with(words)) return true;
  }
  // The message of a KeyError.
  const bool alone = place.at == 0 && after.empty();
  return (alone || ascii::EqualsFolded(WordBefore(place), "keyerror")) && IsIdentifier(inside);
}

// The key of a member of JSON, or printed by Python, or of a line such as "'query': required".
bool IsKey(const TextPlace& place, std::size_t size) {
  if (place.rest().front() == '`') return false;
  Reader after(place.rest().substr(size));
  after.TakeWhile([](char c) { return c == ' '; }, 4);
  if (after.peek() != ':') return false;
  std::size_t at = place.at;
  while (at > 0 && place.text[at - 1] == ' ') --at;
  return at == 0 || std::string_view("{[(,").find(place.text[at - 1]) != std::string_view::npos;
}

// The value of a telling member of JSON, or printed by Python: 'message': "...".
bool IsTellingMember(const TextPlace& place) {
  std::size_t at = place.at;
  while (at > 0 && place.text[at - 1] == ' ') --at;
  if (at < 3 || place.text[at - 1] != ':') return false;
  const char quote = place.text[at - 2];
  if (quote != '"' && quote != '\'') return false;
  return IsAmong(WordBefore({place.text, at - 2}), kTellingKeys);
}

// Words that introduce the text of a query.
constexpr std::string_view kQueryWords[] = {"query: ",
                                            "queries: ",
                                            "search term: ",
                                            "search terms: ",
                                            "keywords: ",
                                            "results for ",
                                            "results for: ",
                                            "results found for ",
                                            "results found for: ",
                                            "matches for ",
                                            "matches for: ",
                                            "matches found for ",
                                            "nothing found for ",
                                            "searching for "};

}  // namespace

Match MatchQuotedValue(const TextPlace& place) {
  if (!MayOpen(place.before())) return {};
  std::string_view inside;
  const std::string_view rest = place.rest();
  const std::size_t size = QuotedAt(rest, inside);
  if (size == 0) return {};
  if (inside.empty() ||
      (inside.front() == '<' && inside.find('>') == inside.size() - 1 && place.before() != '=')) {
    return {};  // nothing, or masked already
  }
  if (IsKey(place, size) && IsName(inside)) return {};
  if (IsTellingMember(place) || NamesThing(place, inside, size)) return {};
  return {size};
}

Match MatchQueryText(const TextPlace& place) {
  if (place.before() != ' ') return {};
  const std::string_view ahead = place.text.substr(0, place.at);
  const bool asked =
      std::any_of(std::begin(kQueryWords), std::end(kQueryWords), [&](std::string_view words) {
        return ahead.size() >= words.size() &&
               ascii::StartsWithFolded(ahead.substr(ahead.size() - words.size()), words);
      });
  if (!asked) return {};
  // Up to the next sentence.
  const std::string_view rest = place.rest();
  for (std::size_t i = 1; i + 2 < rest.size(); ++i) {
    if ((rest[i] == '.' || rest[i] == ')') && rest[i + 1] == ' ' && ascii::IsUpper(rest[i + 2])) {
      return {i};
    }
  }
  return {rest.size()};
}

}  // namespace halo
