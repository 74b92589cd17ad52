// SPDX-License-Identifier: MIT
// What the rules for secrets share. FindSecret tries them in secrets.cc where its scan stops; each
// looks at the text around one position, no further than a fixed distance or the end of a value.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "engine/base/ascii.h"

namespace halo::secret {

// The text that a match may look at, with a word boundary at both ends.
struct Window {
  const char* begin;
  const char* end;

  // Empty at the end and beyond it, where the mark that closes a value would be if it was not cut.
  std::string_view After(const char* p) const {
    return p < end ? std::string_view(p, static_cast<std::size_t>(end - p)) : std::string_view();
  }
  // At most `size` bytes before `p`.
  std::string_view Before(const char* p, std::ptrdiff_t size) const {
    const char* const from = p - std::min(size, p - begin);
    return {from, static_cast<std::size_t>(p - from)};
  }
  // The end of a part of at most `size` bytes that begins at `p`.
  const char* Limit(const char* p, std::ptrdiff_t size) const {
    return p + std::min(size, end - p);
  }
};

struct Match {
  const char* begin = nullptr;
  const char* end = nullptr;
  std::string_view kind;
  std::string_view quote = {};  // encloses what replaces the secret, which had no quotes
  explicit operator bool() const { return begin != nullptr; }
};

inline std::string_view View(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

template <class Predicate>
const char* RunEnd(const char* p, const char* end, Predicate in_run) {
  while (p < end && in_run(*p)) ++p;
  return p;
}

// What replaces a secret begins with this; a value that contains it was redacted before.
inline constexpr std::string_view kMark = "[redacted:";

// How many bytes at `p` belong to an escape that ends before a word and not to the word: the n of
// `\n`, the 3D of `%3D`, the u003d of `\u003d`.
std::size_t EscapeTail(const Window& window, const char* p);

// Whether a word may begin at `p`.
bool IsWordStart(const Window& window, const char* p);

// Whether `value` is a placeholder for a secret: "<token>", "${TOKEN}", "%s", "YOUR_API_KEY",
// "****", "null".
bool IsPlaceholder(std::string_view value);

// Whether `value` has a letter and a digit.
bool IsMixed(std::string_view value);

// The rules. Each takes a position in the secret or its surroundings.
Match MatchAssignment(const Window& window, const char* p);    // in the name of a value
Match MatchQueryName(const Window& window, const char* p);     // `?` or `&` before key= or code=
Match MatchSignature(const Window& window, const char* p);     // in "sig=" or "Signature="
Match MatchBearer(const Window& window, const char* p);        // "Bearer "
Match MatchBasic(const Window& window, const char* p);         // "Basic "
Match MatchCurlUser(const Window& window, const char* p);      // "-u "
Match MatchPrivateKey(const Window& window, const char* p);    // "-----BEGIN "
Match MatchUrl(const Window& window, const char* p);           // "://", `:\/\/` or "%3A%2F%2F"
Match MatchMysqlAddress(const Window& window, const char* p);  // "@tcp("
Match MatchWebhook(const Window& window, const char* p);       // at "oks" or "okb" of "hooks"
Match MatchEmail(const Window& window, const char* p);         // "@"

}  // namespace halo::secret
