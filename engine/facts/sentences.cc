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

// Calls visit(sentence) for each, as it is written.
template <class F>
void VisitPieces(std::string_view text, F visit) {
  for (std::size_t begin = 0, i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !EndsSentence(text, i)) continue;
    const std::size_t end = i < text.size() && text[i] != '\n' ? i + 1 : i;
    visit(ascii::Trim(text.substr(begin, end - begin)));
    begin = i + 1;
  }
}

template <class Phrases>
std::vector<PhraseTable::Entry> Spaced(const Phrases& phrases) {
  std::vector<PhraseTable::Entry> entries;
  for (const auto& phrase : phrases) entries.push_back({" " + std::string(phrase) + " ", 0});
  return entries;
}

}  // namespace

bool Sentence::Has(std::string_view phrase) const {
  for (std::size_t at = words.find(phrase); at != words.npos; at = words.find(phrase, at + 1)) {
    if (words[at - (at > 0)] == ' ' && words[at + phrase.size()] == ' ') return true;
  }
  return false;
}

SentencePhrases::SentencePhrases(std::span<const std::string_view> phrases)
    : table_(Spaced(phrases)) {}

SentencePhrases::SentencePhrases(const std::vector<std::string>& phrases)
    : table_(Spaced(phrases)) {}

bool SentencePhrases::OccurIn(const Sentence& sentence) const {
  const std::string_view words = sentence.words;
  bool found = false;
  for (std::size_t at = 0; at != words.npos && !found; at = words.find(' ', at + 1)) {
    table_.Visit(words.substr(at), [&](const PhraseTable::Entry&) { found = true; });
  }
  return found;
}

std::vector<Sentence> SentencesOf(std::string_view text) {
  std::vector<Sentence> sentences;
  VisitPieces(text, [&](std::string_view piece) {
    Sentence sentence = ReadSentence(piece);
    if (sentence.words.size() > 1) sentences.push_back(std::move(sentence));
  });
  return sentences;
}

std::vector<Sentence> LastSentencesOf(std::string_view text, std::size_t bytes, std::size_t most) {
  text = ascii::Trim(text);
  text = text.substr(text.size() - std::min(text.size(), bytes));
  std::vector<std::string_view> pieces;
  VisitPieces(text, [&](std::string_view piece) { pieces.push_back(piece); });
  std::vector<Sentence> sentences;
  for (std::size_t i = pieces.size(); i-- > 0 && sentences.size() < most;) {
    Sentence sentence = ReadSentence(pieces[i]);
    if (sentence.words.size() > 1) sentences.push_back(std::move(sentence));
  }
  std::reverse(sentences.begin(), sentences.end());
  return sentences;
}

std::string_view SentenceAround(std::string_view text, std::size_t offset) {
  std::size_t begin = offset, end = offset;
  while (begin > 0 && !EndsSentence(text, begin - 1)) --begin;
  while (end < text.size() && !EndsSentence(text, end)) ++end;
  if (end < text.size() && text[end] != '\n') ++end;
  return ascii::Trim(text.substr(begin, end - begin));
}

Sentence ReadSentence(std::string_view text) {
  Sentence sentence{text, Fold(text)};
  if (!text.empty() && EndsSentence(text, text.size() - 1)) sentence.end = text.back();
  return sentence;
}

}  // namespace halo
