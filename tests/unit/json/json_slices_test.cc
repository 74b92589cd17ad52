// SPDX-License-Identifier: MIT
#include "engine/json/json_slices.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace halo {
namespace {

std::vector<std::string> Members(std::string_view text, bool& whole) {
  std::vector<std::string> out;
  whole = ForEachMemberText(text, [&](std::string_view key, std::string_view value) {
    out.push_back(std::string(key) + "=" + std::string(value));
  });
  return out;
}

std::vector<std::string> Items(std::string_view text, bool& whole) {
  std::vector<std::string> out;
  whole = ForEachItemText(text, [&](std::string_view item) { out.emplace_back(item); });
  return out;
}

TEST_CASE("an object is cut into its members as written") {
  bool whole = false;
  const std::string text =
      R"( {"a" : 1 ,"b\"c":{"x":[1,{"}":"]"}]},"s":"\\\"}" , "n":null,"t":true } )";
  CHECK(Members(text, whole) == std::vector<std::string>{"a=1", R"(b\"c={"x":[1,{"}":"]"}]})",
                                                         R"(s="\\\"}")", "n=null", "t=true"});
  CHECK(whole);
  CHECK(Members("{}", whole).empty());
  CHECK(whole);
  CHECK(MemberText(text, "n") == "null");
  CHECK(MemberText(text, "absent").empty());
}

TEST_CASE("an array is cut into its items as written") {
  bool whole = false;
  CHECK(Items(R"([ 1, "a,]" ,[2,3],{} ])", whole) ==
        std::vector<std::string>{"1", "\"a,]\"", "[2,3]", "{}"});
  CHECK(whole);
  CHECK(Items("[]", whole).empty());
  CHECK(whole);
}

TEST_CASE("text that is cut off or broken is not whole") {
  const std::string text = R"({"data":[{"id":"a","n":1.5},{"id":"b"}],"meta":{"cursor":"x"}})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    bool whole = true;
    Members(text.substr(0, size), whole);
    INFO(text.substr(0, size));
    CHECK_FALSE(whole);
  }
  for (const char* const broken : {"[", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{\"a\":1}x",
                                   "{\"a\":1 \"b\":2}", "1", "\"a\""}) {
    bool whole = true;
    Members(broken, whole);
    INFO(broken);
    CHECK_FALSE(whole);
  }
  bool whole = true;
  Items("[1,]", whole);
  CHECK_FALSE(whole);
  Items("[:{\"a\":1]", whole);
  CHECK_FALSE(whole);
  Items("[1}", whole);
  CHECK_FALSE(whole);
}

}  // namespace
}  // namespace halo
