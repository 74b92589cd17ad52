// SPDX-License-Identifier: MIT
#include "engine/facts/phrases.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>

namespace halo {
namespace {

std::size_t FindSlowly(std::span<const std::string_view> phrases, std::string_view text) {
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    if (HoldsPhrase(text, phrases[i])) return i;
  }
  return PhraseSet::kNone;
}

}  // namespace

TEST_CASE("phrases occur as whole words, and the first of the list counts") {
  constexpr std::array<std::string_view, 4> kPhrases = {"not found", "404 not", "<title>log in",
                                                        "forgot password?"};
  const PhraseSet set(kPhrases);
  CHECK(set.FindFirst("404 not found") == 0);
  CHECK(set.FindFirst("404 not") == 1);
  CHECK(set.FindFirst("x404 not") == PhraseSet::kNone);
  CHECK(set.FindFirst("not founded, not found.") == 0);
  CHECK(set.FindFirst("cannot found") == PhraseSet::kNone);
  CHECK(set.FindFirst("<head><title>log in</title>") == 2);
  CHECK(set.FindFirst("forgot password?") == 3);
  CHECK(set.FindFirst("not") == PhraseSet::kNone);
  CHECK(set.FindFirst("") == PhraseSet::kNone);
  CHECK(!PhraseSet({}).OccursIn("anything"));
}

TEST_CASE("all phrases are found in one pass as by trying each") {
  constexpr std::array<std::string_view, 6> kPhrases = {"ab a b", "ab a",    "b ab",
                                                        "abab",   "a ab ab", "aba b"};
  const PhraseSet set(kPhrases);
  std::mt19937_64 random(7);
  int found = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    while (text.size() < 12) text += "ab "[random() % 3];
    CHECK(set.FindFirst(text) == FindSlowly(kPhrases, text));
    found += set.OccursIn(text);
  }
  CHECK(found > 1000);
  CHECK(found < 19'000);
}

TEST_CASE("a head is folded") {
  CHECK(FoldedHead("Don\xE2\x80\x99t STOP now", 14) == "don't stop n");
  CHECK(FoldedHead("", 10).empty());
}

}  // namespace halo
