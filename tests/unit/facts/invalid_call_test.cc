// SPDX-License-Identifier: MIT
#include "engine/facts/invalid_call.h"

#include <catch2/catch.hpp>
#include <string>

namespace halo {
namespace {

constexpr std::string_view kSchema = R"({
  "type": "object",
  "properties": {
    "path": {"type": "string"},
    "limit": {"type": "integer"},
    "ratio": {"type": "number"},
    "unit": {"enum": ["c", "f"]},
    "tags": {"type": "array", "items": {"type": "string"}},
    "where": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"],
              "additionalProperties": false},
    "note": {"type": ["string", "null"]}
  },
  "required": ["path"],
  "additionalProperties": false
})";

struct Checker {
  CallChecker checker;
  JsonTrees json;

  std::string Check(std::string_view tool, std::string_view arguments, bool all_offered = true) {
    const ToolDefinition offered[] = {
        {"read_file", kSchema}, {"write_file", R"({"type":"object"})"}, {"bare", ""}};
    Message message;
    message.tool_calls.push_back({tool, "c1", arguments});
    json.Reset();
    const auto found = checker.FirstInvalid({&message, 1}, offered, all_offered, json);
    if (!found) return "";
    CHECK(found->tool == tool);
    return found->signature;
  }
};

TEST_CASE_METHOD(Checker, "calls that fit are fine") {
  CHECK(Check("read_file", R"({"path":"a"})") == "");
  CHECK(Check("read_file", R"({"path":"a","limit":3,"ratio":1,"unit":"c","tags":["x"],)"
                           R"("where":{"id":1},"note":null})") == "");
  CHECK(Check("read_file", R"({"path":"a","limit":3.0,"ratio":0.5})") == "");
  CHECK(Check("read_file", R"("{\"path\":\"a\"}")") == "");
  CHECK(Check("write_file", R"({"anything":1})") == "");
  CHECK(Check("write_file", "") == "");
  CHECK(Check("bare", "{}") == "");
  CHECK(Check("bare", "null") == "");
}

TEST_CASE_METHOD(Checker, "a tool that is not offered, with the nearest that is") {
  CHECK(Check("read_fle", "{}") == "tool `read_fle` is not offered; nearest is `read_file`");
  CHECK(Check("launch_rocket", "{}") == "tool `launch_rocket` is not offered");
  CHECK(Check("launch_rocket", "{}", false) == "");
}

TEST_CASE_METHOD(Checker, "arguments that are no JSON object") {
  CHECK(Check("read_file", R"({"path":"a)") == "arguments are not JSON");
  CHECK(Check("read_file", "path=a") == "arguments are not JSON");
  CHECK(Check("read_file", "[1]") == "arguments are not a JSON object");
  CHECK(Check("not_offered_but_partial_list", "{", false) == "arguments are not JSON");
}

TEST_CASE_METHOD(Checker, "arguments that do not fit the schema") {
  CHECK(Check("read_file", "{}") == "missing required argument `path`");
  CHECK(Check("read_file", "") == "missing required argument `path`");
  CHECK(Check("read_file", R"({"pth":"a"})") == "unknown argument `pth`; nearest is `path`");
  CHECK(Check("read_file", R"({"path":"a","zzzzzzzz":1})") == "unknown argument `zzzzzzzz`");
  CHECK(Check("read_file", R"({"path":7})") == "argument `path` is an integer, not a string");
  CHECK(Check("read_file", R"({"path":"a","limit":"3"})") ==
        "argument `limit` is a string, not an integer");
  CHECK(Check("read_file", R"({"path":"a","limit":1.5})") ==
        "argument `limit` is a number, not an integer");
  CHECK(Check("read_file", R"({"path":"a","unit":"k"})") ==
        "argument `unit` is none of its allowed values");
  CHECK(Check("read_file", R"({"path":"a","tags":["x",1]})") ==
        "argument `tags[]` is an integer, not a string");
  CHECK(Check("read_file", R"({"path":"a","where":{}})") == "missing required argument `where.id`");
  CHECK(Check("read_file", R"({"path":"a","where":{"id":1,"x":2}})") ==
        "unknown argument `where.x`");
  CHECK(Check("read_file", R"({"path":"a","note":1})") ==
        "argument `note` is an integer, not null or a string");
}

TEST_CASE_METHOD(Checker, "without definitions only the JSON is looked at") {
  Message message;
  message.tool_calls.push_back({"f", "", R"({"a":1})"});
  CHECK_FALSE(checker.FirstInvalid({&message, 1}, {}, true, json));
  message.tool_calls.push_back({"f", "", "{"});
  const auto found = checker.FirstInvalid({&message, 1}, {}, true, json);
  REQUIRE(found);
  CHECK(found->signature == "arguments are not JSON");
  CHECK(found->quote == "{");
}

TEST_CASE_METHOD(Checker, "schemas that are not understood allow everything") {
  const ToolDefinition offered[] = {{"f", R"({"anyOf":[{"required":["a"]}],"required":["b"]})"},
                                    {"g", "no JSON"},
                                    {"h", R"({"type":"weird","properties":7,"required":"x"})"}};
  for (const char* const tool : {"f", "g", "h"}) {
    Message message;
    message.tool_calls.push_back({tool, "", R"({"c":1})"});
    CHECK_FALSE(checker.FirstInvalid({&message, 1}, offered, true, json));
  }
}

TEST_CASE_METHOD(Checker, "a name in a signature is short and harmless") {
  const std::string signature = Check(std::string(500, 'x') + "\n`", "{}");
  CHECK(signature.size() < 120);
  CHECK(signature.find('\n') == std::string::npos);
}

}  // namespace
}  // namespace halo
