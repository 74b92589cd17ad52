// SPDX-License-Identifier: MIT
#include "server/protocol/envelope.h"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <thread>

#include "server/methods/dispatcher.h"
#include "server/protocol/base64.h"
#include "tests/support/fixture_tools.h"
#include "tests/unit/tools/fake_engine.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Object(std::string_view text) { return json::parse(text).as_object(); }

// An envelope with these Mcp-Param headers.
Envelope WithParams(const std::map<std::string, std::string, std::less<>>& headers) {
  Envelope envelope;
  envelope.param = [&headers](std::string_view name) -> std::optional<std::string_view> {
    const auto found = headers.find(name);
    if (found == headers.end()) return std::nullopt;
    return found->second;
  };
  return envelope;
}

// The error code for `arguments` of a tool with x-mcp-header properties; 0 if all agree.
int ParamCode(const std::map<std::string, std::string, std::less<>>& headers,
              std::string_view arguments) {
  const json::object schema = Object(
      R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},
          "free":{"type":"string"},"deep":{"type":"object","properties":{
            "count":{"type":"integer","x-mcp-header":"Count"}}},
          "flag":{"type":"boolean","x-mcp-header":"Flag"}}})");
  const auto wrong = CheckParamHeaders(WithParams(headers), schema, json::parse(arguments));
  return wrong ? wrong->code : 0;
}

// A dispatcher with a tool whose argument is repeated in a header.
struct Desk {
  Desk() : dispatcher(FixtureCatalogue(engine, Tools())) {}

  static std::vector<Tool> Tools() {
    std::vector<Tool> tools = FixtureTools();
    for (Tool& tool : tools) {
      if (tool.info.name != "echo") continue;
      tool.input_schema.at("properties").at("text").as_object().emplace("x-mcp-header", "Text");
    }
    return tools;
  }

  Reply Ask(std::string_view message, const Envelope& envelope) {
    Reply got;
    int replies = 0;
    const Outbox outbox{[](const std::string&) {},
                        [&](Reply reply) {
                          got = std::move(reply);
                          ++replies;
                        }};
    if (const Job job = dispatcher.Handle(message, connection, outbox, &envelope)) job();
    CHECK(replies == 1);
    return got;
  }

  // "kind code", or "kind" if there is no error.
  std::string Outcome(std::string_view message, const Envelope& envelope) {
    const Reply reply = Ask(message, envelope);
    static constexpr std::string_view kNames[] = {"nothing", "answer", "bad request", "unknown"};
    std::string outcome(kNames[static_cast<std::size_t>(reply.kind)]);
    if (reply.text.empty()) return outcome;
    const json::value value = json::parse(reply.text);
    const json::object* object = value.if_object();
    if (!object || !object->contains("error")) return outcome;
    return outcome + " " + std::to_string(object->at("error").at("code").to_number<int>());
  }

  Engine engine;
  std::shared_ptr<Connection> connection = std::make_shared<Connection>();
  Dispatcher dispatcher;
};

std::string Modern(std::string_view method, std::string_view params = "",
                   std::string_view version = "2026-07-28") {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{)" +
         std::string(params) + R"("_meta":{"io.modelcontextprotocol/protocolVersion":")" +
         std::string(version) + R"(","io.modelcontextprotocol/clientCapabilities":{}}}})";
}

std::string Legacy(std::string_view method, std::string_view params = "") {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{)" +
         std::string(params) + "}}";
}

Envelope Headers(std::optional<std::string_view> version,
                 std::optional<std::string_view> method = std::nullopt,
                 std::optional<std::string_view> name = std::nullopt) {
  return {version, method, name, [](std::string_view) { return std::nullopt; }};
}

constexpr std::string_view kEcho = R"("name":"echo","arguments":{"text":"hi"},)";

}  // namespace

TEST_CASE("base64 round-trips, and anything else is refused") {
  CHECK(DecodeBase64("") == "");
  CHECK(DecodeBase64("Zg==") == "f");
  CHECK(DecodeBase64("Zm8=") == "fo");
  CHECK(DecodeBase64("Zm9v") == "foo");
  CHECK(DecodeBase64("+/+/") == "\xfb\xff\xbf");
  CHECK_FALSE(DecodeBase64("Zg"));
  CHECK_FALSE(DecodeBase64("Z==="));
  CHECK_FALSE(DecodeBase64("Zm9-"));
  CHECK_FALSE(DecodeBase64("Z=9v"));
}

TEST_CASE("a header value is plain or marked as base64") {
  CHECK(DecodeHeaderValue("us west\t1") == "us west\t1");
  CHECK(DecodeHeaderValue("=?base64?SGVsbG8sIOS4lueVjA==?=") == "Hello, 世界");
  CHECK(DecodeHeaderValue("=?base64?"
                          "?=") == "");
  CHECK(DecodeHeaderValue("=?BASE64?Zm9v?=") == "=?BASE64?Zm9v?=");
  CHECK(DecodeHeaderValue("=?base64?=") == "=?base64?=");
  CHECK_FALSE(DecodeHeaderValue("=?base64?***?="));
  CHECK_FALSE(DecodeHeaderValue("caf\xc3\xa9"));
  CHECK_FALSE(DecodeHeaderValue("a\x01"));
}

TEST_CASE("arguments repeated in headers must match") {
  CHECK(ParamCode({{"Region", "us"}}, R"({"region":"us","free":"x"})") == 0);
  CHECK(ParamCode({{"Region", "=?base64?dXM=?="}}, R"({"region":"us"})") == 0);
  CHECK(ParamCode({{"Region", "eu"}}, R"({"region":"us"})") == kHeaderMismatch);
  CHECK(ParamCode({{"Region", "US"}}, R"({"region":"us"})") == kHeaderMismatch);
  CHECK(ParamCode({{"Region", "=?base64?dXM?="}}, R"({"region":"us"})") == kHeaderMismatch);
  CHECK(ParamCode({}, R"({"region":"us"})") == kHeaderMismatch);
  CHECK(ParamCode({{"Region", "us"}}, "{}") == kHeaderMismatch);
  CHECK(ParamCode({}, R"({"region":null})") == 0);
  CHECK(ParamCode({}, "{}") == 0);
  CHECK(ParamCode({}, "7") == 0);
}

TEST_CASE("numbers and booleans in headers are compared by value, at any depth") {
  CHECK(ParamCode({{"Count", "42"}}, R"({"deep":{"count":42}})") == 0);
  CHECK(ParamCode({{"Count", "42.0"}}, R"({"deep":{"count":42}})") == 0);
  CHECK(ParamCode({{"Count", "42x"}}, R"({"deep":{"count":42}})") == kHeaderMismatch);
  CHECK(ParamCode({}, R"({"deep":{"count":42}})") == kHeaderMismatch);
  CHECK(ParamCode({{"Flag", "true"}}, R"({"flag":true})") == 0);
  CHECK(ParamCode({{"Flag", "True"}}, R"({"flag":true})") == kHeaderMismatch);
}

TEST_CASE("a modern request is checked step by step, and the first failing step answers") {
  Desk desk;
  const auto now = "2026-07-28";
  // First: the members that _meta must have.
  CHECK(
      desk.Outcome(Legacy("tools/list", R"("_meta":{"io.modelcontextprotocol/protocolVersion":1})"),
                   Headers("2025-06-18", "x")) == "bad request -32602");
  CHECK(desk.Outcome(Legacy("tools/list",
                            R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"})"),
                     Headers("2025-06-18", "x")) == "bad request -32602");
  CHECK(desk.Outcome(Legacy("tools/list"), Headers(now, "tools/list")) == "bad request -32602");
  CHECK(desk.Outcome(Legacy("tools/list"), Headers("2027-01-01")) == "bad request -32602");
  CHECK(desk.Outcome(Legacy("server/discover"), Headers(std::nullopt)) == "bad request -32602");
  // Then: the header of the version.
  CHECK(desk.Outcome(Modern("nothing", "", "1999-01-01"), Headers(std::nullopt, "x")) ==
        "bad request -32020");
  CHECK(desk.Outcome(Modern("nothing", "", "1999-01-01"), Headers(now, "x")) ==
        "bad request -32020");
  // Then: the header of the method.
  CHECK(desk.Outcome(Modern("nothing", "", "1999-01-01"), Headers("1999-01-01")) ==
        "bad request -32020");
  CHECK(desk.Outcome(Modern("nothing", "", "1999-01-01"), Headers("1999-01-01", "Nothing")) ==
        "bad request -32020");
  // Then: whether the version is supported.
  CHECK(desk.Outcome(Modern("nothing", "", "1999-01-01"), Headers("1999-01-01", "nothing")) ==
        "bad request -32022");
  CHECK(desk.Outcome(Modern("nothing", "", "2025-11-25"), Headers("2025-11-25", "nothing")) ==
        "bad request -32022");
  // Then: whether the method exists; initialize and ping are not modern methods.
  CHECK(desk.Outcome(Modern("nothing"), Headers(now, "nothing")) == "unknown -32601");
  CHECK(desk.Outcome(Modern("initialize"), Headers(now, "initialize")) == "unknown -32601");
  // Then: the headers of names and arguments.
  CHECK(desk.Outcome(Modern("tools/call", kEcho), Headers(now, "tools/call")) ==
        "bad request -32020");
  CHECK(desk.Outcome(Modern("tools/call", kEcho), Headers(now, "tools/call", "count")) ==
        "bad request -32020");
  CHECK(desk.Outcome(Modern("tools/call", kEcho), Headers(now, "tools/call", "echo")) ==
        "bad request -32020");
  Envelope whole = Headers(now, "tools/call", "=?base64?ZWNobw==?=");
  whole.param = [](std::string_view name) { return name == "Text" ? "hi" : "nothing"; };
  CHECK(desk.Outcome(Modern("tools/call", kEcho), whole) == "answer");
  // Errors from the method itself are answers.
  CHECK(desk.Outcome(Modern("tools/call", R"("name":"none",)"),
                     Headers(now, "tools/call", "none")) == "answer -32602");
  CHECK(desk.Outcome(Modern("tools/call"), Headers(now, "tools/call")) == "answer -32602");
  CHECK(desk.Outcome(Modern("tools/list"), Headers(now, "tools/list")) == "answer");
}

TEST_CASE(
    "a legacy request is of the revision in its header, else of its session, else the first") {
  Desk desk;
  const auto structured = [&](const Envelope& envelope) {
    return desk.Ask(Legacy("tools/call", R"("name":"echo","arguments":{"text":"hi"})"), envelope)
               .text.find("structuredContent") != std::string::npos;
  };
  CHECK_FALSE(structured(Headers(std::nullopt)));
  CHECK(structured(Headers("2025-06-18")));
  const std::string open =
      Legacy("initialize", R"("protocolVersion":"2025-11-25","capabilities":{})");
  CHECK(desk.Outcome(open, Headers("2025-11-25", "initialize")) == "answer");
  CHECK(structured(Headers(std::nullopt)));
  CHECK_FALSE(structured(Headers("2025-03-26")));
  CHECK(desk.Outcome(Legacy("ping"), Headers("1999-01-01")) == "bad request -32022");
  CHECK(desk.Outcome(Legacy("ping"), Headers("caf\xe9")) == "bad request -32022");
  // Unknown methods are answered, and other headers are ignored.
  CHECK(desk.Outcome(Legacy("nothing"), Headers("2025-11-25", "x", "y")) == "answer -32601");
}

TEST_CASE("messages without a reply say so, and invalid messages are bad requests") {
  Desk desk;
  const Envelope none = Headers(std::nullopt);
  CHECK(desk.Outcome(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", none) ==
        "nothing");
  CHECK(desk.Outcome(R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                     Headers("2026-07-28")) == "nothing");
  CHECK(desk.Outcome(R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                     Headers("1999-01-01")) == "bad request -32022");
  CHECK(desk.Outcome(R"({"jsonrpc":"2.0","id":9,"result":{}})", none) == "nothing");
  CHECK(desk.Outcome("{", none) == "bad request -32700");
  CHECK(desk.Outcome(R"({"jsonrpc":"1.0","id":9,"method":"ping"})", none) == "bad request -32600");
  CHECK(desk.Outcome("[]", none) == "bad request -32600");
  CHECK(desk.Outcome(R"([{"jsonrpc":"2.0","method":"notifications/x"}])", none) == "nothing");
  CHECK(desk.Outcome("[" + Legacy("ping") + "]", none) == "answer");
  CHECK(desk.Outcome("[" + Legacy("ping") + "]", Headers("2025-06-18")) == "bad request -32600");
}

TEST_CASE("a cancelled call ends with an empty reply") {
  Desk desk;
  std::vector<Reply> replies;
  const Outbox outbox{[](const std::string&) {},
                      [&](Reply reply) { replies.push_back(std::move(reply)); }};
  const Job job =
      desk.dispatcher.Handle(Legacy("tools/call", R"("name":"wait","_meta":{"progressToken":1})"),
                             desk.connection, outbox, nullptr);
  std::thread canceller([&] { desk.connection->CancelAll(); });
  job();
  canceller.join();
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].kind == ReplyKind::kNothing);
}

}  // namespace halo
