// SPDX-License-Identifier: MIT
#include "engine/json/canonical_json.h"

#include <catch2/catch.hpp>
#include <string>

namespace halo {
namespace {

std::uint64_t Hash(std::string_view text) {
  JsonTrees json;
  return CanonicalHash(text, json);
}

TEST_CASE("the same value is equal however it is written") {
  const std::uint64_t hash = Hash(R"({"a":1,"b":[true,null,"x"],"c":{"d":2,"e":"y"}})");
  CHECK(Hash(R"( { "c" : {"e":" y ","d":2.0} , "b":[true, null, "x"], "a":1e0 } )") == hash);
  CHECK(Hash(R"({"a":1,"b":[true,null,"x"],"c":"{\"e\":\"y\",\"d\":2}"})") == hash);
  CHECK(Hash(R"("{\"a\":1,\"b\":[true,null,\"x\"],\"c\":{\"d\":2,\"e\":\"y\"}}")") == hash);
}

TEST_CASE("members that change with each call do not count") {
  CHECK(Hash(R"({"q":"x","request_id":"r1","timestamp":17,"toolCallId":"c1","_meta":{"p":1}})") ==
        Hash(R"({"q":"x","request_id":"r2","timestamp":18,"toolCallId":"c2"})"));
  CHECK(Hash(R"({"id":1})") != Hash(R"({"id":2})"));
  CHECK(Hash(R"({"meta":1})") != Hash(R"({"meta":2})"));
}

TEST_CASE("other values differ") {
  const char* const texts[] = {
      R"({"a":1})",       R"({"a":2})",    R"({"a":"1"})", R"({"b":1})",
      R"({"a":1,"b":1})", R"({})",         R"([])",        R"([1,2])",
      R"([2,1])",         R"([[1],2])",    R"({"a":0})",   R"({"a":null})",
      R"({"a":false})",   R"({"a":true})", R"({"a":0.5})", R"({"a":{"b":1}})",
      R"("a")",           "a b",           "ab",
  };
  for (const char* const a : texts) {
    for (const char* const b : texts) {
      CAPTURE(a, b);
      CHECK((Hash(a) == Hash(b)) == (a == b));
    }
  }
}

TEST_CASE("text that is no JSON is hashed as it stands, trimmed") {
  CHECK(Hash(" ls -la\n") == Hash("ls -la"));
  CHECK(Hash("ls -la") != Hash("ls -l"));
  CHECK(Hash(R"({"a":1)") != Hash(R"({"a":2)"));
  CHECK(Hash(R"({"a":1} x)") != Hash(R"({"a":1})"));
  CHECK(Hash("") == 0);
  CHECK(Hash(" \n ") == 0);
}

TEST_CASE("hostile depth ends") {
  CHECK(Hash(std::string(100'000, '[')) != 0);
  std::string deep(70, '[');
  deep += std::string(70, ']');
  CHECK(Hash(deep) != 0);
  std::string nested = "{}";
  for (int i = 0; i < 12; ++i) {
    std::string next = "{\"a\":\"";
    for (const char c : nested) {
      if (c == '"' || c == '\\') next += '\\';
      next += c;
    }
    nested = next + "\"}";
  }
  CHECK(Hash(nested) != 0);
}

}  // namespace
}  // namespace halo
