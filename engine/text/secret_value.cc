// SPDX-License-Identifier: MIT
#include "engine/text/secret_value.h"

#include <cstdint>

namespace halo::secret {
namespace {

using ascii::IsAlnum;
using ascii::IsDigit;
using ascii::IsSpace;
using ascii::IsUpper;
using ascii::IsWord;

// Messages about a password ("This field is required.") are prose; passphrases have none of these
// words.
bool IsProse(std::string_view value) {
  constexpr std::string_view kWords[] = {
      "is",     "are",    "was",     "must",     "be",   "the",       "a",        "an",
      "should", "not",    "your",    "for",      "to",   "of",        "please",   "with",
      "field",  "cannot", "missing", "required", "in",   "incorrect", "invalid",  "no",
      "wrong",  "valid",  "may",     "this",     "has",  "expired",   "password", "api",
      "token",  "secret", "or",      "and",      "from", "by",        "if",       "can"};
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size() && begin < 512; ++i) {
    if (i < value.size() && IsAlnum(value[i])) continue;
    const std::string_view word = value.substr(begin, i - begin);
    for (const std::string_view each : kWords) {
      if (ascii::EqualsFolded(word, each)) return true;
    }
    begin = i + 1;
  }
  return false;
}

// PWD is also the working directory.
bool IsPath(std::string_view value) {
  return value.front() == '/' || value.front() == '~' || value.starts_with("./") ||
         value.starts_with("..") || (value.size() > 2 && value[1] == ':' && value[2] == '\\');
}

// The name of an environment variable that holds the secret, or an expression that reads it.
bool IsReference(std::string_view value) {
  if (value.find('_') != std::string_view::npos &&
      std::all_of(value.begin(), value.end(), [](char c) { return IsUpper(c) || c == '_'; })) {
    return true;
  }
  for (const std::string_view start :
       {"os.", "process.env", "env.", "self.", "this.", "config.", "settings.", "args.", "request.",
        "import.meta", "ENV[", "secrets.", "vault:", "op://", "arn:"}) {
    if (value.starts_with(start)) return true;
  }
  return false;
}

bool LooksRandom(std::string_view value) {
  if (std::any_of(value.begin(), value.end(), IsSpace)) return false;
  return (value.size() >= 8 && IsMixed(value)) || value.size() >= 24;
}

}  // namespace

bool IsSecretValue(const SecretName& name, std::string_view value, Place place) {
  if (IsPlaceholder(value) || IsReference(value)) return false;
  if (name.look == Look::kCookie) return IsCookie(value);
  if (name.ending == "pwd" && IsPath(value)) return false;
  if (name.look == Look::kRandom) return LooksRandom(value);
  const bool password = name.kind == "password";
  if (place == Place::kBare) return value.size() >= 6 && IsMixed(value);
  if (value.size() < (password ? 3U : 6U)) return false;
  // A flag: "pass": 12, "secret": 1.
  if (!password && std::all_of(value.begin(), value.end(), IsDigit)) return false;
  return std::none_of(value.begin(), value.end(), IsSpace) || !IsProse(value);
}

bool IsCookie(std::string_view value) {
  if (value.find(kMark) != std::string_view::npos) return false;
  const std::size_t equals = value.substr(0, 80).find('=');
  if (equals == std::string_view::npos || equals == 0) return LooksRandom(value);
  const std::string_view name = value.substr(0, equals);
  return std::all_of(name.begin(), name.end(), [](char c) { return IsWord(c) || c == '.'; }) &&
         !IsPlaceholder(value.substr(equals + 1));
}

Match FindCredentials(const Window& window, const char* begin, const char* end) {
  struct Scheme {
    std::string_view name;
    std::string_view kind;
    bool whole = false;  // the rest is parameters, of which one is the signature
  };
  constexpr Scheme kSchemes[] = {{"basic", "secret"},
                                 {"bearer", "bearer_token"},
                                 {"token", "secret"},
                                 {"apikey", "secret"},
                                 {"api-key", "secret"},
                                 {"bot", "secret"},
                                 {"key", "secret"},
                                 {"negotiate", "secret"},
                                 {"ntlm", "secret"},
                                 {"digest", "secret", true},
                                 {"oauth", "secret", true},
                                 {"aws4-hmac-sha256", "secret", true},
                                 {"hawk", "secret", true},
                                 {"sharedkey", "secret"},
                                 {"genie-key", "secret"},
                                 {"splunk", "secret"},
                                 {"deepl-auth-key", "secret"},
                                 {"klaviyo-api-key", "secret"},
                                 {"signature", "secret", true}};
  constexpr std::string_view kWords[] = {"token",    "tokens",         "realm",  "auth",
                                         "required", "authentication", "scheme", "credentials",
                                         "header",   "authorization"};
  const auto is_word = [](char c) {
    return !IsSpace(c) && c != ',' && c != '"' && c != '\'' && c != ']' && c != '}' && c != '<';
  };
  while (begin < end && (*begin == ' ' || *begin == '[' || *begin == '+')) ++begin;
  const char* word = RunEnd(begin, end, is_word);
  const std::string_view first = View(begin, word);
  for (const Scheme& scheme : kSchemes) {
    if (!ascii::StartsWithFolded(first, scheme.name)) continue;
    // "Bearer abc", "Bearer%20abc", "Token token=abc"
    const char* token = begin + scheme.name.size();
    if (window.After(token).starts_with("%20")) {
      token += 3;
    } else {
      const char* const space = token;
      token = RunEnd(token, end, [](char c) { return c == ' ' || c == '\t' || c == '+'; });
      if (token == space) continue;
    }
    if (scheme.whole) {
      if (View(token, end).find('=') == std::string_view::npos) return {};
      return View(token, end).find(kMark) == std::string_view::npos ? Match{token, end, scheme.kind}
                                                                    : Match();
    }
    const char* const stop = RunEnd(token, end, is_word);
    const std::string_view value = View(token, stop);
    if (value.size() < 6 || IsPlaceholder(value) || IsReference(value)) return {};
    for (const std::string_view other : kWords) {
      if (ascii::StartsWithFolded(value, other) && !IsMixed(value)) return {};
    }
    if (!IsMixed(value) && stop != end) return {};
    return {token, stop, scheme.kind};
  }
  if (first.size() < 8 || !IsMixed(first) || IsPlaceholder(first)) return {};
  return {begin, word, "secret"};
}

}  // namespace halo::secret
