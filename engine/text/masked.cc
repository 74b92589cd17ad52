// SPDX-License-Identifier: MIT
#include "engine/text/masked.h"

#include <algorithm>
#include <string>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kLongestMask = 160;
constexpr std::size_t kMostLooked = 4 << 10;  // bytes of a JSON text; a longer one holds content
constexpr std::size_t kFewestSigns = 3;       // of "***"

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && ascii::IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && ascii::IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// "***", "xxxx", "####", and the round and square blots of Unicode.
bool IsBlot(std::string_view text) {
  if (text.size() >= kFewestSigns && (text[0] == '*' || text[0] == '#' || text[0] == 'X')) {
    const std::size_t fewest = text[0] == 'X' ? 4 : kFewestSigns;
    return text.size() >= fewest && text.find_first_not_of(text[0]) == text.npos;
  }
  for (const std::string_view sign : {"\xE2\x80\xA2", "\xE2\x96\x88", "\xE2\x97\x8F"}) {
    if (text.size() < kFewestSigns * sign.size() || text.size() % sign.size() != 0) continue;
    bool all = true;
    for (std::size_t i = 0; i < text.size() && all; i += sign.size()) {
      all = text.substr(i, sign.size()) == sign;
    }
    if (all) return true;
  }
  return false;
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return ascii::IsHex(c); });
}

// "sha256:9f86d0...", "hash=...", "<md5:...>": a masker that keeps a digest says which.
bool IsDigest(std::string_view text) {
  constexpr std::string_view kFirstLetters = "smhbx";  // of the names below
  if (text.empty() || kFirstLetters.find(ascii::Lower(text[0])) == kFirstLetters.npos) return false;
  for (const std::string_view name : {"sha256", "sha-256", "sha1", "sha512", "md5", "hash",
                                      "hashed", "hmac", "blake2b", "xxh64"}) {
    if (!ascii::StartsWithFolded(text, name)) continue;
    std::string_view rest = text.substr(name.size());
    if (rest.empty() || (rest[0] != ':' && rest[0] != '=' && rest[0] != '(' && rest[0] != '-')) {
      continue;
    }
    const bool in_parentheses = rest[0] == '(';
    rest.remove_prefix(1);
    if (in_parentheses && rest.ends_with(')')) rest.remove_suffix(1);
    rest = Trimmed(rest);
    if (rest.size() >= 6 && IsHex(rest)) return true;
  }
  return false;
}

constexpr std::string_view kWords[] = {
    "redacted",   "masked",     "filtered",  "hidden",       "removed",   "censored",
    "obfuscated", "scrubbed",   "sanitized", "sanitised",    "omitted",   "anonymized",
    "anonymised", "suppressed", "private",   "confidential", "sensitive",
};

// "redacted", "content redacted", "redacted by policy", "redacted: email", "redacted_email".
bool HasMaskWord(std::string_view lower) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  for (std::size_t i = 0; i < lower.size();) {
    if (!is_letter(lower[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < lower.size() && is_letter(lower[i])) ++i;
    const std::string_view word = lower.substr(begin, i - begin);
    for (const std::string_view known : kWords) {
      if (word == known) return true;
    }
  }
  return false;
}

// Whether brackets or underscores enclose all of the text; `inner` is what they enclose.
bool IsEnclosed(std::string_view text, std::string_view& inner) {
  constexpr struct {
    std::string_view open, close;
  } kPairs[] = {{"[", "]"}, {"<", ">"}, {"{", "}"}, {"(", ")"},
                {"_", "_"}, {"*", "*"}, {"%", "%"}, {"\xC2\xAB", "\xC2\xBB"}};
  bool found = false;
  for (bool again = true; again;) {
    again = false;
    for (const auto& [open, close] : kPairs) {
      if (text.size() <= open.size() + close.size() || text[0] != open[0]) continue;
      if (!text.starts_with(open) || !text.ends_with(close)) continue;
      text = text.substr(open.size(), text.size() - open.size() - close.size());
      found = again = true;
    }
  }
  inner = Trimmed(text);
  return found;
}

// The strings of a JSON text that are values: whether one is a mask.
bool HoldsMask(std::string_view json) {
  if (json.size() > kMostLooked) return false;
  for (std::size_t i = 0; i < json.size();) {
    if (json[i] != '"') {
      ++i;
      continue;
    }
    const std::size_t begin = ++i;
    while (i < json.size() && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
    if (i >= json.size()) return false;
    const std::string_view value = json.substr(begin, i - begin);
    ++i;
    std::size_t next = i;
    while (next < json.size() && ascii::IsSpace(json[next])) ++next;
    const bool is_key = next < json.size() && json[next] == ':';
    if (!is_key && IsMask(value)) return true;
  }
  return false;
}

}  // namespace

bool IsMask(std::string_view value) {
  value = Trimmed(value);
  if (value.size() < kFewestSigns || value.size() > kLongestMask) return false;
  if (ascii::IsAlnum(value.front())) {
    // Bare: capitals say that it is no word of a sentence.
    return value == "REDACTED" || value == "redacted" || value == "MASKED" || IsBlot(value) ||
           IsDigest(value);
  }
  if (IsBlot(value)) return true;
  std::string_view inner;
  if (!IsEnclosed(value, inner)) return false;
  if (inner.empty() || inner[0] == '"') return false;  // an object or a list of strings
  if (IsDigest(inner) || IsBlot(inner)) return true;
  if (inner.find_first_of("[]<>") != inner.npos) return false;  // "[REDACTED] and [more]"
  // "[Filtered]", "<content hidden>"; "[3 private messages]" is content.
  if (ascii::StartsWithFolded(inner, "redacted") || ascii::StartsWithFolded(inner, "masked")) {
    return true;
  }
  const auto words = 1 + std::count(inner.begin(), inner.end(), ' ');
  if (words > 4 || inner.find_first_of("0123456789\"{},") != inner.npos) return false;
  std::string lower(inner);
  for (char& c : lower) c = ascii::Lower(c);
  return HasMaskWord(lower);
}

bool IsMasked(std::string_view text) {
  text = Trimmed(text);
  if (text.empty()) return false;
  if (IsMask(text)) return true;
  return (text.front() == '{' || text.front() == '[' || text.front() == '"') && HoldsMask(text);
}

}  // namespace halo
