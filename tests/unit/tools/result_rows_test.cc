// SPDX-License-Identifier: MIT
#include "tools/story/result_rows.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

std::string Shown(std::string_view text, std::size_t bytes, std::string_view said = {},
                  std::string_view rules = {}, std::string_view known = {}) {
  TellingWords words, before;
  AddTellingWords(said, words);
  AddTellingWords(known, before);
  return ResultRows(text, words, CountTellingWords(rules), before).Short(bytes);
}

bool Has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("of a long result in JSON, members that the rules name are kept") {
  const std::string result =
      R"({"booking_id": "K-77", "people": [{"first": "Ann", "born": "1990-01-01"}, )"
      R"({"first": "Bo", "born": "1991-02-02"}], "cabin_class": "basic", "paid": "2026-01-02", )"
      R"("notes": "none of interest to anybody at all", "insured": "no", "seats": 2})";
  const std::string policy =
      "Whether it is insured decides: insured trips can be cancelled. The cabin decides the fee.";
  const std::string shown = Shown(result, 70, {}, policy, "cancel K-77");
  CHECK(Has(shown, R"("insured": "no")"));
  CHECK(Has(shown, R"("cabin_class": "basic")"));
  CHECK_FALSE(Has(shown, "K-77"));  // the reader knows it
  CHECK(shown.size() < 100);
  // What the messages say comes first.
  CHECK(Has(Shown(result, 60, "It has 1991-02-02 and Bo"), "1991-02-02"));
  CHECK(Shown(result, 1000, {}, policy) == result);
}

TEST_CASE("texts that only look like JSON, and cut ones, are shortened too") {
  for (const std::string& text :
       {std::string(R"({"a": "b)") + std::string(300, 'x'), "[1, 2, " + std::string(300, '3'),
        "{" + std::string(300, '['), R"({"\)" + std::string(300, '"'), std::string(300, ',')}) {
    INFO(text.substr(0, 20));
    const std::string shown = Shown(text, 40, "b 2 x", "rules of a", "b");
    CHECK(shown.size() < 60);
    CHECK_FALSE(shown.empty());
  }
}

TEST_CASE("of a long text, the sentence that the answer is about is kept") {
  const std::string text = std::string("The handbook begins. ") + std::string(200, 'x') +
                           ". Pallets take 9 days to Malta. " + std::string(200, 'y') + ".";
  CHECK(Has(Shown(text, 120, "It takes 9 days to Malta."), "Pallets take 9 days to Malta."));
  CHECK(Has(Shown(text, 120, "It takes 9 days to Malta."), "The handbook begins."));
}

}  // namespace halo
