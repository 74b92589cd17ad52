// SPDX-License-Identifier: MIT
#include "engine/facts/phrases.h"

#include <catch2/catch.hpp>
#include <random>

#include "engine/facts/word_finder.h"

namespace halo {
namespace {

// Where phrases of the list begin, tried one by one at each byte.
std::vector<std::size_t> FindSlowly(std::string_view folded,
                                    const std::vector<std::string>& phrases) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < folded.size(); ++at) {
    for (const std::string& phrase : phrases) {
      const std::size_t end = at + phrase.size();
      if (!folded.substr(at).starts_with(phrase)) continue;
      if (at > 0 && is_word(folded[at - 1]) && is_word(folded[at])) continue;
      if (end < folded.size() && is_word(folded[end]) && is_word(folded[end - 1])) continue;
      found.push_back(at);
    }
  }
  return found;
}

WordSettings Rejections(const std::vector<std::string>& phrases) {
  WordSettings settings;
  settings.changes[static_cast<std::size_t>(WordList::kRejections)] = phrases;
  return settings;
}

}  // namespace

TEST_CASE("phrases are found in one pass as by trying each") {
  const std::vector<std::string> phrases = {"ab a b", "ab a", "b ab", "abab", "a ab ab", "<ab>"};
  WordFinder words(Rejections(phrases));
  std::mt19937_64 random(7);
  std::size_t found = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    while (text.size() < 12) text += "abAB <>"[random() % 7];
    words.Read(text, {WordList::kRejections}, SIZE_MAX);
    std::vector<std::size_t> offsets;
    for (const WordFinder::Hit& hit : words.hits()) offsets.push_back(hit.offset);
    CHECK(offsets == FindSlowly(FoldedHead(text), phrases));
    found += offsets.size();
  }
  CHECK(found > 500);
}

TEST_CASE("a phrase is whole words of the lists that are asked for, and ends within a limit") {
  WordFinder words;
  const auto has = [&](WordList list, std::string_view text, std::size_t bytes = SIZE_MAX) {
    words.Read(text, {list}, 1000);
    return words.Has(list, bytes);
  };
  CHECK(has(WordList::kStatusPages, "HTTP 404 Not Found"));
  CHECK_FALSE(has(WordList::kStatusPages, "1404 not found"));
  CHECK_FALSE(has(WordList::kStatusPages, "404 not founders"));
  CHECK(has(WordList::kLogInPages, "<head><title>Log in</title>"));
  CHECK(has(WordList::kLogInPages, "Forgot password?x"));
  CHECK(has(WordList::kLogInPages, "please log in", 13));
  CHECK_FALSE(has(WordList::kLogInPages, "please log in", 12));
  CHECK_FALSE(has(WordList::kRejections, "please log in"));
  CHECK(has(WordList::kCallTags, "so<tool_call>x"));
  CHECK_FALSE(has(WordList::kLogInPages, "ple"));
}

TEST_CASE("places behind typographic apostrophes are those of the text") {
  const std::string_view text = "It\xE2\x80\x99s so. I\xE2\x80\x99ve CHECKED it. Don\xE2\x80\x99t.";
  WordFinder words;
  words.Read(text, {WordList::kClaimCues}, SIZE_MAX);
  REQUIRE(words.hits().size() == 1);
  CHECK(text.substr(words.OffsetInText(words.hits()[0].offset), 7) == "CHECKED");
  CHECK(SentenceAround(text, words.OffsetInText(words.hits()[0].offset)) ==
        "I\xE2\x80\x99ve CHECKED it.");
}

TEST_CASE("a head is folded") {
  CHECK(FoldedHead("Don\xE2\x80\x99t STOP now", 14) == "don't stop n");
  CHECK(FoldedHead("", 10).empty());
}

}  // namespace halo
