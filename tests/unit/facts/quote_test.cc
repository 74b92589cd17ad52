// SPDX-License-Identifier: MIT
#include "engine/facts/quote.h"

#include <catch2/catch.hpp>
#include <string>

namespace halo {
namespace {

std::string Find(std::string_view whole, std::string_view piece) {
  const TextRange range = FindPiece(whole, piece);
  return std::string(whole.substr(range.offset, range.length));
}

TEST_CASE("a piece is found as it is, or as JSON writes it") {
  CHECK(Find("one two three", "two") == "two");
  CHECK(Find(R"({"e":"say \"no\"\n"})", "say \"no\"\n") == R"(say \"no\"\n)");
  CHECK(Find(R"("{\"e\":\"a\\nb\"}")", "a\nb") == R"(a\\nb)");
  CHECK(Find(R"({"e":"caf\u00e9 is closed"})", "caf\xC3\xA9 is closed") == " is closed");
  CHECK(Find("abc", "xyz") == "");
  CHECK(Find("", "xyz") == "");
  CHECK(Find("abc", "") == "");
}

TEST_CASE("a view into the value is found where it points, not at an equal text before") {
  const std::string whole = "no, no, no";
  const TextRange range = FindPiece(whole, std::string_view(whole).substr(8));
  CHECK(range.offset == 8);
  CHECK(range.length == 2);
}

TEST_CASE("no quote without a path or a value") {
  StringPool words;
  CHECK(MakeQuote({"x", "", "x"}, "x", words).path == 0);
  CHECK(MakeQuote({"x", "attributes.a", ""}, "x", words).path == 0);
  const QuoteRef quote = MakeQuote({"x", "attributes.a", "-x-"}, "x", words);
  CHECK(words[quote.path] == "attributes.a");
  CHECK(quote.offset == 1);
}

}  // namespace
}  // namespace halo
