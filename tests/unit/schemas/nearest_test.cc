// SPDX-License-Identifier: MIT
#include "schemas/nearest.h"

#include <catch2/catch.hpp>
#include <vector>

namespace halo {

TEST_CASE("the nearest word is the one a typo away") {
  const std::vector<std::string_view> known = {"limit", "project", "since"};
  CHECK(Nearest("lmit", known) == "limit");
  CHECK(Nearest("Projekt", known) == "project");
  CHECK(Nearest("banana", known).empty());
  CHECK(Nearest("trace", std::vector<std::string_view>{"span_ids", "trace_id"}) == "trace_id");
  CHECK(Nearest("trace", std::vector<std::string_view>{"trace_ids", "trace_name"}).empty());
  CHECK(Nearest("", known).empty());
  CHECK(Nearest(std::string(100000, 'l'), known).empty());
}

TEST_CASE("a suggestion lists the known words, within limits") {
  const std::vector<std::string_view> two = {"limit", "since"};
  CHECK(SuggestWord("lmit", two) == "; did you mean limit? known: limit, since");
  CHECK(SuggestWord("zzz", two) == "; known: limit, since");
  CHECK(SuggestWord("zzz", {}).empty());
  const std::vector<std::string_view> many(1000, "word");
  CHECK(SuggestWord("zzz", many).size() < 300);
}

}  // namespace halo
