// SPDX-License-Identifier: MIT
#include "server/register/json_edit.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace halo {
namespace {

namespace json = boost::json;

const JsonPath kPath = {"servers", "halo"};
const json::value kEntry = {{"command", "/bin/halo"}, {"args", {"stdio"}}};

std::string Set(std::string_view text, const JsonPath& path = kPath,
                const json::value& value = kEntry) {
  const auto edited = SetJsonValue(text, path, value, JsonDialect::kWithComments);
  return edited ? *edited : "error: " + edited.error().message;
}

std::string Removed(std::string_view text, const JsonPath& path = kPath) {
  const auto edited = RemoveJsonValue(text, path, JsonDialect::kWithComments);
  return edited ? *edited : "error: " + edited.error().message;
}

std::string StrictError(std::string_view text) {
  const auto edited = SetJsonValue(text, kPath, kEntry, JsonDialect::kStrict);
  return edited ? "" : edited.error().message;
}

}  // namespace

TEST_CASE("an empty document gets the value and its parent objects") {
  const std::string expected =
      "{\n  \"servers\": {\n    \"halo\": {\n      \"command\": \"/bin/halo\",\n"
      "      \"args\": [\"stdio\"]\n    }\n  }\n}\n";
  CHECK(Set("") == expected);
  CHECK(Set(" \n") == expected);
  CHECK(Set("{}\n") == expected);
}

TEST_CASE("a value is added after others, in the layout of the document") {
  CHECK(Set("{\r\n\t\"servers\": {\r\n\t\t\"b\": {},\r\n\t\t\"a\": [1, {\"x\": \"}\"}]\r\n\t},\r\n"
            "\t\"z\": 1.50\r\n}") ==
        "{\r\n\t\"servers\": {\r\n\t\t\"b\": {},\r\n\t\t\"a\": [1, {\"x\": \"}\"}],\r\n"
        "\t\t\"halo\": {\r\n\t\t\t\"command\": \"/bin/halo\",\r\n\t\t\t\"args\": [\"stdio\"]\r\n"
        "\t\t}\r\n\t},\r\n\t\"z\": 1.50\r\n}");
  CHECK(Set(R"({"servers":{"b":1},"z":2})") ==
        R"({"servers":{"b":1, "halo": {"command": "/bin/halo", "args": ["stdio"]}},"z":2})");
}

TEST_CASE("comments and trailing commas are preserved") {
  CHECK(Set("// top\n{\n  \"servers\": { // ours\n    \"b\": 1, // note, with \"quotes\" {\n"
            "    /* last } */\n  },\n}\n// end\n",
            kPath, 7) ==
        "// top\n{\n  \"servers\": { // ours\n    \"b\": 1, // note, with \"quotes\" {\n"
        "    /* last } */\n    \"halo\": 7,\n  },\n}\n// end\n");
  CHECK(Set("{\n  \"servers\": {\n    \"b\": 1 // one\n  }\n}", kPath, 7) ==
        "{\n  \"servers\": {\n    \"b\": 1, // one\n    \"halo\": 7\n  }\n}");
  CHECK(Set("{\"servers\": {/*/ \"x\": { */ \"b\": 1}}", kPath, 7) ==
        "{\"servers\": {/*/ \"x\": { */ \"b\": 1, \"halo\": 7}}");
  CHECK(Set("{\n  \"servers\": {\n    // none yet\n  }\n}", kPath, 7) ==
        "{\n  \"servers\": {\n    // none yet\n    \"halo\": 7\n  }\n}");
}

TEST_CASE("a value is replaced in place, the last one of duplicate keys") {
  CHECK(Set("{\"servers\": {\"halo\": {\"old\": 1}, \"b\": 2}}", kPath, 7) ==
        "{\"servers\": {\"halo\": 7, \"b\": 2}}");
  CHECK(Set("{\"servers\": {\"halo\": 1, \"halo\" /* 2 */ : 2}}", kPath, 7) ==
        "{\"servers\": {\"halo\": 1, \"halo\" /* 2 */ : 7}}");
  CHECK(Set("{\"servers\": {\"h\\u0061lo\": 1}}", kPath, 7) ==
        "{\"servers\": {\"h\\u0061lo\": 7}}");
}

TEST_CASE("adding and removing a value restores the document") {
  for (const std::string text :
       {"{\n  \"servers\": {\n    \"b\": 1\n  },\n  \"z\": 2\n}\n", "{\"servers\": {\"b\": {}}}",
        "{\"servers\": {}}", "{\r\n  \"servers\": {\r\n    \"b\": 1, // one\r\n  }\r\n}",
        "\xEF\xBB\xBF{\n\t\"servers\": {\n\t\t\"b\": 1 // one\n\t}\n}"}) {
    CAPTURE(text);
    const std::string added = Set(text);
    CHECK(added != text);
    CHECK(Removed(added) == text);
    CHECK(Removed(text) == text);
  }
  CHECK(Removed("{\"servers\": {\"halo\": 1, \"b\": 2, \"halo\": 3}}") ==
        "{\"servers\": {\"b\": 2}}");
}

TEST_CASE("the error for invalid JSON names its line") {
  CHECK(StrictError("{\n  \"a\": 1,\n  oops\n}") == "invalid JSON in line 3: syntax error");
  CHECK(StrictError("{\n  // a comment\n}").find("line 2") != std::string::npos);
  CHECK_FALSE(StrictError("{\"a\": 1").empty());
  CHECK_FALSE(StrictError("{} {}").empty());
  CHECK_FALSE(StrictError("{\"a\": 1,}").empty());
  CHECK(Set("{\"a\": /* no end").starts_with("error: invalid JSON in line 1: "));
  CHECK(StrictError("[1]") == "its JSON is not an object");
  CHECK(StrictError("{\"servers\": []}") == "its servers is not an object");
  CHECK(Removed("{\"servers\": []}") == "{\"servers\": []}");
}

TEST_CASE("deep nesting is refused") {
  CHECK(StrictError("{\"a\": " + std::string(100'000, '[')).find("too deep") != std::string::npos);
  const std::string deep =
      "{\"a\": " + std::string(200, '[') + std::string(200, ']') + ", \"servers\": {\"b\": 1}}";
  CHECK(Removed(Set(deep)) == deep);
}

}  // namespace halo
