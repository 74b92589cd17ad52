// SPDX-License-Identifier: MIT
#include "engine/text/masked.h"

#include <algorithm>
#include <string>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kLongestMask = 160;
constexpr std::size_t kMostLooked = 4 << 10;  // bytes of JSON text; a longer text counts as content
constexpr std::size_t kFewestSigns = 3;       // as in "***"
constexpr int kMostNested = 3;                // levels of JSON text inside JSON text

// "***", "xxxx", "####", "XXX-XX-XXXX", and runs of bullets, circles or blocks of Unicode.
bool IsBlot(std::string_view text) {
  if (text.size() >= kFewestSigns && std::string_view("*#Xx").find(text[0]) != text.npos) {
    const bool is_letter = ascii::IsAlnum(text[0]);
    const auto signs = static_cast<std::size_t>(std::count(text.begin(), text.end(), text[0]));
    const std::string_view parts = is_letter ? "-" : "-.@";
    return signs >= (is_letter ? kFewestSigns + 1 : kFewestSigns) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return c == text[0] || parts.find(c) != parts.npos; });
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

// "j***@e***.com", "+49******12": one word with a part hidden by signs. "***bold***" hides nothing,
// and "src/***/x" is a pattern.
bool IsPartlyBlot(std::string_view text) {
  if (text.find("***") == text.npos || text.find_first_of(" \t\n/\\{}[]\"=") != text.npos)
    return false;
  return text.front() != '*' || text.back() != '*';
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return ascii::IsHex(c); });
}

// "sha256:9f86d0...", "hash=...", "md5(...)": a masker that keeps a digest names its algorithm.
bool IsDigest(std::string_view text) {
  constexpr std::string_view kFirstLetters = "smhbx";  // the first letters of the names below
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
    rest = ascii::Trim(rest);
    if (rest.size() >= 6 && IsHex(rest)) return true;
  }
  return false;
}

constexpr std::string_view kWords[] = {
    "redacted",   "masked",     "filtered",  "hidden",       "removed",   "censored",
    "obfuscated", "scrubbed",   "sanitized", "sanitised",    "omitted",   "anonymized",
    "anonymised", "suppressed", "private",   "confidential", "sensitive", "encrypted",
    "withheld",   "elided",     "privacy",   "pii",          "phi",
};

// Names that detectors of personal data (Presidio, Google DLP, AWS Comprehend) put in its place.
constexpr std::string_view kEntities[] = {
    "PERSON",
    "PERSON_NAME",
    "NAME",
    "EMAIL",
    "EMAIL_ADDRESS",
    "PHONE",
    "PHONE_NUMBER",
    "CREDIT_CARD",
    "CREDIT_CARD_NUMBER",
    "CREDIT_DEBIT_NUMBER",
    "SSN",
    "US_SSN",
    "US_SOCIAL_SECURITY_NUMBER",
    "US_PASSPORT",
    "US_DRIVER_LICENSE",
    "IP_ADDRESS",
    "IBAN",
    "IBAN_CODE",
    "DATE_TIME",
    "LOCATION",
    "ADDRESS",
    "STREET_ADDRESS",
    "NRP",
    "ORGANIZATION",
    "USERNAME",
    "PASSWORD",
    "SECRET",
    "API_KEY",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "BANK_ACCOUNT_NUMBER",
    "MEDICAL_LICENSE",
    "DATE_OF_BIRTH",
    "AGE",
    "URL",
};

// "EMAIL_ADDRESS", "PERSON_2"
bool IsEntity(std::string_view text) {
  while (!text.empty() && text.back() >= '0' && text.back() <= '9') text.remove_suffix(1);
  if (text.ends_with('_') || text.ends_with('-')) text.remove_suffix(1);
  return std::find(std::begin(kEntities), std::end(kEntities), text) != std::end(kEntities);
}

// "REDACTED", "EMAIL_REDACTED", "REDACTED_BY_POLICY": without brackets, capitals distinguish it
// from a word of a sentence.
bool IsBareMask(std::string_view text) {
  if (ascii::EqualsFolded(text, "redacted")) return true;
  const bool is_name = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return is_name &&
         (text == "MASKED" || text.starts_with("REDACTED_") || text.ends_with("_REDACTED") ||
          text.starts_with("MASKED_") || text.ends_with("_MASKED"));
}

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

// Whether brackets, underscores or similar marks enclose the whole text. Sets `inner` to the text
// between them.
bool IsEnclosed(std::string_view text, std::string_view& inner) {
  constexpr struct {
    std::string_view open, close;
  } kPairs[] = {{"[", "]"}, {"<", ">"}, {"{", "}"}, {"(", ")"},
                {"_", "_"}, {"*", "*"}, {"%", "%"}, {"-", "-"},
                {"~", "~"}, {"$", "$"}, {"#", "#"}, {"\xC2\xAB", "\xC2\xBB"}};
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
  inner = ascii::Trim(text);
  return found;
}

// Removes one level of escapes from quotation marks and backslashes. Keeps other escapes.
std::string Unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    plain += text[i];
  }
  return plain;
}

// Whether a string value (not a key) in a JSON text is a mask, or is itself JSON that holds one.
bool HoldsMask(std::string_view json, int depth = 0) {
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
    if (is_key) continue;
    if (IsMask(value)) return true;
    const bool may_be_json = depth < kMostNested && value.find("\\\"") != value.npos;
    if (may_be_json && HoldsMask(Unescaped(value), depth + 1)) return true;
  }
  return false;
}

}  // namespace

bool IsMask(std::string_view value) {
  value = ascii::Trim(value);
  if (value.size() < kFewestSigns || value.size() > kLongestMask) return false;
  if (IsBlot(value) || IsPartlyBlot(value)) return true;
  if (ascii::IsAlnum(value.front())) return IsBareMask(value) || IsDigest(value);
  std::string_view inner;
  if (!IsEnclosed(value, inner)) return false;
  if (inner.empty() || inner[0] == '"') return false;  // an object or a list of strings
  if (IsDigest(inner) || IsBlot(inner) || IsEntity(inner)) return true;
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
  text = ascii::Trim(text);
  if (text.empty()) return false;
  if (IsMask(text)) return true;
  return (text.front() == '{' || text.front() == '[' || text.front() == '"') && HoldsMask(text);
}

}  // namespace halo
