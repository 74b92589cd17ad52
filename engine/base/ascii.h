// SPDX-License-Identifier: MIT
// Character classes of ASCII, independent of the locale. Bytes above 127 belong to none.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace halo::ascii {

enum Class : std::uint8_t {
  kDigit = 1,
  kLower = 2,
  kUpper = 4,
  kHexLetter = 8,
  kSpace = 16,
  kWordMark = 32,  // _ and -
};

constexpr std::array<std::uint8_t, 256> MakeClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (int c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = kLower;
  for (int c = 'A'; c <= 'Z'; ++c) classes[c] = kUpper;
  for (int c = 0; c < 6; ++c) {
    classes['a' + c] |= kHexLetter;
    classes['A' + c] |= kHexLetter;
  }
  for (const unsigned char c : {' ', '\t', '\n', '\r', '\v', '\f'}) classes[c] = kSpace;
  classes['_'] = classes['-'] = kWordMark;
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> kClasses = MakeClasses();

constexpr bool Is(char c, int classes) {
  return (kClasses[static_cast<unsigned char>(c)] & classes) != 0;
}
constexpr bool IsDigit(char c) { return Is(c, kDigit); }
constexpr bool IsLower(char c) { return Is(c, kLower); }
constexpr bool IsUpper(char c) { return Is(c, kUpper); }
constexpr bool IsAlpha(char c) { return Is(c, kLower | kUpper); }
constexpr bool IsAlnum(char c) { return Is(c, kDigit | kLower | kUpper); }
constexpr bool IsHex(char c) { return Is(c, kDigit | kHexLetter); }
constexpr bool IsSpace(char c) { return Is(c, kSpace); }
// Letters, digits, `_` and `-`: what keys and tokens are made of.
constexpr bool IsWord(char c) { return Is(c, kDigit | kLower | kUpper | kWordMark); }

constexpr char Lower(char c) { return IsUpper(c) ? static_cast<char>(c | 0x20) : c; }
inline std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}

// The text without white space at its ends.
constexpr std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Whether `text` begins with `prefix`, ignoring case; `prefix` must be lower-case.
constexpr bool StartsWithFolded(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (Lower(text[i]) != prefix[i]) return false;
  }
  return true;
}

// Whether `text` equals `lower`, ignoring case; `lower` must be lower-case.
constexpr bool EqualsFolded(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && StartsWithFolded(text, lower);
}

constexpr bool IsOneOf(std::string_view word, std::span<const std::string_view> words) {
  for (const std::string_view each : words) {
    if (word == each) return true;
  }
  return false;
}
constexpr bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return IsOneOf(word, std::span(words.begin(), words.size()));
}

}  // namespace halo::ascii
