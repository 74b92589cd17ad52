// SPDX-License-Identifier: MIT
#include "engine/facts/telling_words.h"

#include <algorithm>
#include <cstddef>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"

namespace halo {
namespace {

constexpr std::size_t kMostWords = 24;         // a longer answer is not examined
constexpr std::size_t kMostAnswerBytes = 400;  // the same
constexpr std::size_t kFewestWords = 2;        // "Done." fits any result
constexpr std::size_t kFewestInResult = 3;
constexpr std::size_t kMostInResult = 400;  // more words would fill a sketch
constexpr std::size_t kShortestWord = 4;

constexpr std::string_view kEmptyWords[] = {
    "your",   "have", "been", "with",  "that",   "this", "from", "will", "were",
    "please", "null", "true", "false", "thanks", "none", "type", "text",
};

bool IsOfWord(char c) { return ascii::IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80; }

// Chinese, Japanese, Korean, Thai and others do not separate words by spaces: lead bytes E0 to ED
// except for general punctuation.
bool SeparatesNoWords(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE0 && byte <= 0xED && byte != 0xE2;
  });
}

// Whether the string that ends before `end` names a JSON member.
bool NamesMember(std::string_view text, std::size_t end) {
  while (end < text.size() && text[end] == '\\') ++end;  // JSON in a JSON string
  if (end >= text.size() || text[end] != '"') return false;
  ++end;
  while (end < text.size() && ascii::IsSpace(text[end])) ++end;
  return end < text.size() && text[end] == ':';
}

// Calls take(word in lower case) until it returns false.
template <class Take>
void ForEachWord(std::string_view text, Take take) {
  std::string word;
  for (std::size_t i = 0; i < text.size();) {
    if (!IsOfWord(text[i])) {
      // The letter after a backslash does not belong to a word.
      i += text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '"' ? 2 : 1;
      continue;
    }
    word.clear();
    bool has_digit = false;
    for (; i < text.size() && IsOfWord(text[i]); ++i) {
      has_digit = has_digit || (text[i] >= '0' && text[i] <= '9');
      word += ascii::Lower(text[i]);
    }
    if (!has_digit && word.size() < kShortestWord) continue;
    if (std::find(std::begin(kEmptyWords), std::end(kEmptyWords), word) != std::end(kEmptyWords)) {
      continue;
    }
    // "order_id": all words of a member's name are skipped.
    std::size_t end = i;
    while (end < text.size() &&
           (IsOfWord(text[end]) || text[end] == '_' || text[end] == '-' || text[end] == '.')) {
      ++end;
    }
    if (NamesMember(text, end)) continue;
    if (!take(std::string_view(word))) return;
  }
}

std::uint64_t HashOf(std::string_view word) {
  const std::uint64_t hash = Fnv1a(word);
  return hash ^ hash >> 29;
}

// Two bits in each half: few words collide in a short result.
WordSketch BitsOf(std::string_view word) {
  const std::uint64_t hash = HashOf(word);
  return {1ULL << (hash & 63) | 1ULL << (hash >> 6 & 63),
          1ULL << (hash >> 12 & 63) | 1ULL << (hash >> 18 & 63)};
}

}  // namespace

std::string TellingWords(std::string_view answer) {
  std::string words;
  if (answer.size() > kMostAnswerBytes || SeparatesNoWords(answer)) return words;
  std::size_t count = 0;
  ForEachWord(answer, [&](std::string_view word) {
    if (!words.empty()) words += ' ';
    words += word;
    return ++count <= kMostWords;
  });
  return count < kFewestWords || count > kMostWords ? std::string() : words;
}

WordSketch SketchWords(std::string_view result) {
  WordSketch sketch{};
  std::size_t count = 0;
  ForEachWord(result, [&](std::string_view word) {
    const WordSketch bits = BitsOf(word);
    sketch[0] |= bits[0];
    sketch[1] |= bits[1];
    return ++count < kMostInResult;
  });
  return count < kFewestInResult ? WordSketch{} : sketch;
}

bool SharesNoWord(const WordSketch& sketch, std::string_view words) {
  if (words.empty() || sketch == WordSketch{}) return false;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    const WordSketch bits = BitsOf(word);
    if ((sketch[0] & bits[0]) == bits[0] && (sketch[1] & bits[1]) == bits[1]) return false;
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return true;
}

}  // namespace halo
