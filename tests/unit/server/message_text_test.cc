// SPDX-License-Identifier: MIT
#include "server/protocol/message_text.h"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/protocol/json_rpc.h"

namespace halo {
namespace {

std::string IdIn(std::string_view text) { return boost::json::serialize(FindId(text)); }

std::string Utf16(std::string_view text, bool little, bool mark) {
  std::string out;
  if (mark) out = little ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : text) out.append(little ? std::string{c, '\0'} : std::string{'\0', c});
  return out;
}

// "ok" and the text of the message, or the code of the error.
std::string Outcome(std::string_view text) {
  const auto value = ParseJson(text);
  return value ? "ok " + boost::json::serialize(*value) : std::to_string(value.error().code);
}

}  // namespace

TEST_CASE("the id of a malformed message is found anywhere at the top level") {
  struct Row {
    std::string_view text, id;
  };
  const std::vector<Row> rows = {
      {R"({"jsonrpc":"2.0","id":7,"method":"x","params":{"a":)", "7"},
      {R"({"method":"x","params":{"a":NaN},"jsonrpc":"2.0","id":7})", "7"},
      {R"({"method":"x","params":{"id":5,"a":[{"id":6}]},"id":"seven"} tail)", R"("seven")"},
      {R"({"id":7)", "null"},  // could be the start of 71
      {R"({"id":7 )", "7"},
      {R"({"id":7}})", "7"},
      {R"({"id":"7)", "null"},
      {R"({"id":-7,])", "-7"},
      {R"({ "id" : 7 , )", "7"},
      {R"({"\u0069d":7,)", "7"},
      {R"({"id":"a\"b,\\","x")", R"("a\"b,\\")"},
      {R"({"id":1.5,)", "1.5E0"},
      {R"({"id":NaN,"x":1})", "null"},
      {R"({"id":null,"id":3,)", "3"},
      {R"({"id":{"id":4},"x")", "null"},
      {R"({"id":[5],"x")", "null"},
      {R"({"text":"\"id\":9,","id":8,oops)", "8"},
      {R"({'jsonrpc': '2.0', 'id': 7, 'method': 'ping'})", "7"},
      {R"({jsonrpc: "2.0", id: 'x', method: "ping"})", R"("x")"},
      {R"([{"id":7}])", "null"},
      {R"({"result":{"id":7)", "null"},
      {R"("id":7)", "null"},
      {"", "null"},
      {"\xEF\xBB\xBF{\"id\":7,", "7"},
      {"{\"id\":\"\xff\",x", "\"\xEF\xBF\xBD\""},
      {R"({"id":"\ud800",x)", "\"\xEF\xBF\xBD\""},
  };
  for (const auto& [text, id] : rows) {
    INFO(text);
    CHECK(IdIn(text) == id);
    // Also byte by byte.
    IdFinder finder;
    for (const char c : SkipByteOrderMark(text)) finder.Feed({&c, 1});
    CHECK(boost::json::serialize(finder.id()) == id);
  }
  CHECK(IdIn("{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + ",\"id\":3}") ==
        "3");
  CHECK(IdIn("{\"id\":\"" + std::string(100000, 'x') + "\",") == "null");
}

TEST_CASE("harmless faults in JSON are repaired") {
  const std::string mark = "\xEF\xBF\xBD";
  struct Row {
    std::string text, value;
  };
  const std::vector<Row> rows = {
      {R"({"a":"\ud83d"})", "{\"a\":\"" + mark + "\"}"},
      {R"({"a":"\uDE00"})", "{\"a\":\"" + mark + "\"}"},
      {R"({"a":"\ud83d\ud83d\ude00"})", "{\"a\":\"" + mark + "\xF0\x9F\x98\x80\"}"},
      {R"({"a":"\ud83dx\ude00"})", "{\"a\":\"" + mark + "x" + mark + "\"}"},
      {R"({"a":"\ude00\ud83d"})", "{\"a\":\"" + mark + mark + "\"}"},
      {R"({"a":"\ud83d\n"})", "{\"a\":\"" + mark + "\\n\"}"},
      {R"({"a":"\\ud83d"})", R"({"a":"\\ud83d"})"},
      {R"({"a":"\\\ud83d"})", "{\"a\":\"\\\\" + mark + "\"}"},
      {R"({"\ud83d":1})", "{\"" + mark + "\":1}"},
      {"{\"a\":\"\xff\xc3\"}", "{\"a\":\"" + mark + mark + "\"}"},
      {"{\"a\":\"\xed\xa0\xbd\"}", "{\"a\":\"" + mark + mark + mark + "\"}"},
      {"{\"a\":\"x\ty\"}", R"({"a":"x\ty"})"},
      {"\xEF\xBB\xBF{\"a\":1}", R"({"a":1})"},
      {"\xEF\xBB\xBF{\"a\":\"\\ud83d\"}\r", "{\"a\":\"" + mark + "\"}"},
  };
  for (const auto& [text, value] : rows) {
    INFO(text);
    CHECK(Outcome(text) == "ok " + value);
  }
  for (const std::string_view text : {R"({"a":"\ud83)", R"({"a":NaN})", R"({"a":Infinity})",
                                      R"({"a":1}x)", R"({"a":1)", R"({"a":1,})", "\xff", ""}) {
    INFO(text);
    CHECK(Outcome(text) == "-32700");
  }
  const std::string deep = "{\"a\":\"\\ud83d\",\"b\":" + std::string(1000, '[');
  CHECK(Outcome(deep) == "-32600");
}

TEST_CASE("UTF-16 is detected, and the id of the request is found") {
  const std::string ping = R"({"jsonrpc":"2.0","id":7,"method":"ping"})";
  for (const bool little : {true, false}) {
    for (const bool mark : {true, false}) {
      const std::string text = Utf16(ping, little, mark);
      const auto value = ParseJson(text);
      REQUIRE(value.has_error());
      CHECK(value.error().code == kParseError);
      CHECK(value.error().message.find("UTF-16") != std::string::npos);
      CHECK(IdIn(text) == "7");
    }
  }
  // What remains of a UTF-16 line break after splitting at newlines.
  CHECK(IsBlank(std::string_view("\0", 1)));
  CHECK_FALSE(LooksLikeUtf16(std::string("{\"a\":\"") + '\0' + "\"}"));
  CHECK_FALSE(LooksLikeUtf16(ping));
}

TEST_CASE("a line with only white space or a byte order mark is blank") {
  for (const std::string_view text : {"", " \t\r", "\xEF\xBB\xBF", "\xEF\xBB\xBF \r"}) {
    CHECK(IsBlank(text));
  }
  CHECK_FALSE(IsBlank("x"));
}

TEST_CASE("the error for invalid JSON names the position") {
  const auto value = ParseJson(R"({"a":NaN})");
  REQUIRE(value.has_error());
  CHECK(value.error().message.find("after byte 5 of 9") != std::string::npos);
  CHECK(ParseJson("{\"a\":[1").error().message.find("is incomplete") != std::string::npos);
}

}  // namespace halo
