// SPDX-License-Identifier: MIT
#include "engine/facts/sentences.h"

#include <algorithm>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::string_view kTypographic = "\xE2\x80\x99";

bool IsLetter(char c) { return ascii::IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80; }

// A sign that belongs to the words around it.
bool JoinsWords(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (c == '_') return true;
  if (c != '\'' && c != '-' && c != '.') return false;
  return i > 0 && i + 1 < text.size() && IsLetter(text[i - 1]) && IsLetter(text[i + 1]);
}

std::string Fold(std::string_view text) {
  std::string words = " ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(kTypographic)) {
      words += '\'';
      i += kTypographic.size() - 1;
    } else if (IsLetter(text[i]) || JoinsWords(text, i)) {
      words += ascii::Lower(text[i]);
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

bool EndsSentence(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (c == '\n') return true;
  if (c != '.' && c != '!' && c != '?' && c != ':') return false;
  return i + 1 == text.size() || ascii::IsSpace(text[i + 1]);
}

}  // namespace

bool Sentence::Has(std::string_view phrase) const {
  for (std::size_t at = words.find(phrase); at != words.npos; at = words.find(phrase, at + 1)) {
    if (words[at - (at > 0)] == ' ' && words[at + phrase.size()] == ' ') return true;
  }
  return false;
}

bool Sentence::HasAny(std::span<const std::string_view> phrases) const {
  return std::any_of(phrases.begin(), phrases.end(),
                     [this](std::string_view phrase) { return Has(phrase); });
}

bool Sentence::HasAny(std::initializer_list<std::string_view> phrases) const {
  return HasAny(std::span(phrases.begin(), phrases.size()));
}

std::vector<Sentence> SentencesOf(std::string_view text) {
  std::vector<Sentence> sentences;
  for (std::size_t begin = 0, i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !EndsSentence(text, i)) continue;
    const char end = i < text.size() && text[i] != '\n' ? text[i] : '\0';
    const std::string_view whole = ascii::Trim(text.substr(begin, i - begin + (end != '\0')));
    begin = i + 1;
    std::string words = Fold(whole);
    if (words.size() > 1) sentences.push_back({whole, std::move(words), end});
  }
  return sentences;
}

std::vector<Sentence> LastSentencesOf(std::string_view text, std::size_t bytes) {
  text = ascii::Trim(text);
  return SentencesOf(text.substr(text.size() - std::min(text.size(), bytes)));
}

}  // namespace halo
