// SPDX-License-Identifier: MIT
#include "server/http/http_transport.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <iterator>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/fixture_tools.h"
#include "tests/support/http_client.h"
#include "tests/support/http_desk.h"
#include "tests/unit/tools/fake_engine.h"

namespace halo {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::string_view kPing = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
constexpr std::string_view kPong = R"({"jsonrpc":"2.0","id":1,"result":{}})";
constexpr std::string_view kModernFields =
    "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: ";

std::string Initialize(std::string_view version = "2025-11-25") {
  return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
         std::string(version) + R"(","capabilities":{}}})";
}

std::string LegacyCall(std::string_view tool, std::string_view arguments = "{}") {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + std::string(tool) +
         R"(","arguments":)" + std::string(arguments) + R"(,"_meta":{"progressToken":"t"}}})";
}

std::string ModernPost(std::string_view tool, std::string_view arguments = "{}") {
  const std::string body =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + std::string(tool) +
      R"(","arguments":)" + std::string(arguments) +
      R"(,"_meta":{"progressToken":"t","io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":{}}}})";
  return PostOf(body, std::string(kModernFields) + std::string(tool) + "\r\n");
}

HttpOptions Patient() {
  HttpOptions options;
  options.head = options.body = options.write = options.idle = options.to_answer = minutes(1);
  return options;
}

// A tool that reports what it sees of its call, and ends when the test allows it.
struct Gate {
  std::latch begun{1}, release{1}, ended{1};
  std::atomic<bool> stopped{false};

  Tool MakeTool() {
    Tool tool = FixtureTools().front();
    tool.info.name = "gate";
    tool.call = [this](Engine&, const boost::json::value&,
                       const CallContext& context) -> Result<ToolAnswer> {
      begun.count_down();
      const std::stop_callback on_stop(context.stop, [this] {
        if (!stopped.exchange(true)) release.count_down();
      });
      release.wait();
      ended.count_down();
      return ToolAnswer{{}, "through"};
    };
    return tool;
  }
};

struct Server {
  explicit Server(HttpOptions options = Patient(), HttpServiceOptions service = {},
                  std::vector<Tool> tools = FixtureTools())
      : dispatcher(FixtureCatalogue(engine, std::move(tools)), {milliseconds(0), {}}),
        desk(dispatcher, options, std::move(service)) {}

  // The answer to raw bytes on a connection of their own.
  std::optional<HttpReply> Ask(std::string_view bytes) {
    HttpClient client(desk.port());
    client.Send(bytes);
    return client.Receive();
  }
  int StatusOf(std::string_view bytes) {
    const std::optional<HttpReply> reply = Ask(bytes);
    return reply ? reply->status : 0;
  }

  Engine engine;
  Dispatcher dispatcher;
  HttpDesk desk;
};

std::string Get(std::string_view target, std::string_view fields = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) +
         "\r\n";
}

int CodeOf(const std::string& body) {
  return boost::json::parse(body).at("error").at("code").to_number<int>();
}

}  // namespace

TEST_CASE("requests on one connection are answered in order, also if pipelined") {
  Server server;
  HttpClient client(server.desk.port());
  std::string all;
  for (int id = 1; id <= 20; ++id) {
    all += PostOf(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"ping"})");
    if (id % 5 == 0) all += PostOf(LegacyCall("echo", R"({"text":"hi"})"));
  }
  client.Send(all);
  for (int id = 1; id <= 20; ++id) {
    const auto pong = client.Receive();
    REQUIRE(pong);
    CHECK(pong->status == 200);
    CHECK(pong->Get("content-type") == "application/json");
    CHECK(pong->body == R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":{}})");
    if (id % 5 != 0) continue;
    const auto echo = client.Receive();
    REQUIRE(echo);
    CHECK(echo->body.find("text: hi") != std::string::npos);
  }
  client.EndSending();
  CHECK(client.Ends());
}

TEST_CASE("a request may arrive in pieces, in chunks, and after 100-continue") {
  Server server;
  HttpClient client(server.desk.port());
  for (const char c : PostOf(kPing)) client.Send({&c, 1});
  CHECK(client.Receive()->body == kPong);

  const std::string head =
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\n";
  client.Send(head + "Transfer-Encoding: chunked\r\n\r\n5\r\n" + std::string(kPing.substr(0, 5)) +
              "\r\n" + "23\r\n" + std::string(kPing.substr(5)) + "\r\n0\r\n\r\n");
  CHECK(client.Receive()->body == kPong);

  client.Send(head + "Expect: 100-continue\r\nContent-Length: 40\r\n\r\n");
  CHECK(client.Receive()->status == 100);
  client.Send(kPing);
  CHECK(client.Receive()->body == kPong);
}

TEST_CASE("HTTP/1.0 closes after the answer unless keep-alive is requested") {
  Server server;
  const std::string body(kPing);
  const auto post = [&](std::string_view fields) {
    return "POST /mcp HTTP/1.0\r\nContent-Type: application/json\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  HttpClient client(server.desk.port());
  client.Send(post("Connection: keep-alive\r\n"));
  CHECK(client.Receive()->Get("connection") == "keep-alive");
  client.Send(post(""));
  CHECK(client.Receive()->body == kPong);
  CHECK(client.Ends());

  // In HTTP/1.0 a stream is not chunked, and ends with the connection.
  HttpClient other(server.desk.port());
  const std::string count = LegacyCall("count", R"({"steps":2})");
  other.Send(
      "POST /mcp HTTP/1.0\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n"
      "Content-Length: " +
      std::to_string(count.size()) + "\r\n\r\n" + count);
  const auto head = other.ReceiveHead();
  REQUIRE(head);
  CHECK(head->Get("transfer-encoding").empty());
  int events = 0;
  while (other.ReceiveEvent()) ++events;
  CHECK(events == 3);
}

TEST_CASE("malformed requests get an error message and the connection is closed") {
  Server server;
  for (const char* bytes :
       {"nonsense\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "POST /mcp HTTP/1.1\r\nHost\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        "Content-Length: 4\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nA: \x01\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    INFO(bytes);
    HttpClient client(server.desk.port());
    client.Send(bytes);
    const auto reply = client.Receive();
    REQUIRE(reply);
    CHECK(reply->status == 400);
    CHECK(reply->body.size() > 10);
    CHECK(reply->Get("connection") == "close");
    CHECK(client.Ends());
  }
  CHECK(server.StatusOf("GET / HTTP/3.0\r\n\r\n") == 505);
  CHECK(server.StatusOf(PostOf(kPing)) == 200);
}

TEST_CASE("heads and bodies are limited, and the error names the limit") {
  HttpOptions options = Patient();
  options.max_body_bytes = 1000;
  Server server(options);
  const auto big_head = server.Ask(Get("/healthz", "A: " + std::string(20'000, 'a') + "\r\n"));
  REQUIRE(big_head);
  CHECK(big_head->status == 431);
  CHECK(big_head->body.find("16384 bytes") != std::string::npos);
  std::string fields;
  for (int i = 0; i < 200; ++i) fields += "A: 1\r\n";
  CHECK(server.StatusOf(Get("/healthz", fields)) == 431);

  const auto big_body = server.Ask(PostOf(std::string(1001, ' ')));
  REQUIRE(big_body);
  CHECK(big_body->status == 413);
  CHECK(big_body->body.find("1000 bytes") != std::string::npos);
  CHECK(CodeOf(big_body->body) == -32600);
  const auto with_id = server.Ask(PostOf(std::string(kPing) + std::string(1001, ' ')));
  REQUIRE(with_id);
  CHECK(with_id->status == 413);
  CHECK(
      server.StatusOf("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n400\r\n" +
                      std::string(1024, ' ') + "\r\n0\r\n\r\n") == 413);
  CHECK(server.StatusOf(PostOf(std::string(900, ' ') + std::string(kPing))) == 200);
  CHECK(CodeOf(server.Ask(PostOf(std::string(500, '[')))->body) == -32600);
}

TEST_CASE("a long message is parsed on a worker, with the same answer") {
  Server server;
  const std::string text(200'000, 'x');
  const auto reply = server.Ask(PostOf(LegacyCall("echo", R"({"text":")" + text + "\"}")));
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(server.Ask(PostOf(std::string(kPing) + std::string(100'000, ' ')))->body == kPong);
}

TEST_CASE("slow and silent clients time out") {
  HttpOptions options = Patient();
  options.head = options.body = milliseconds(100);
  Server server(options);
  for (const std::string& part :
       {std::string("POST /mcp HT"), PostOf(kPing).substr(0, PostOf(kPing).size() - 5)}) {
    HttpClient client(server.desk.port());
    client.Send(part);
    const auto reply = client.Receive();
    REQUIRE(reply);
    CHECK(reply->status == 408);
    CHECK(reply->body.find("within 100 ms") != std::string::npos);
    CHECK(client.Ends());
  }
  options = Patient();
  options.idle = milliseconds(100);
  Server other(options);
  HttpClient client(other.desk.port());
  CHECK(client.Ends());
}

TEST_CASE("connections over the limit get 503, and are accepted again once others have closed") {
  HttpOptions options = Patient();
  options.max_connections = 2;
  Server server(options);
  HttpClient first(server.desk.port());
  auto second = std::make_unique<HttpClient>(server.desk.port());
  for (HttpClient* client : {&first, second.get()}) {
    client->Send(PostOf(kPing));
    CHECK(client->Receive()->status == 200);
  }
  HttpClient third(server.desk.port());
  const auto reply = third.Receive();
  REQUIRE(reply);
  CHECK(reply->status == 503);
  CHECK(reply->Get("retry-after") == "1");
  CHECK(reply->body.find("the limit is 2") != std::string::npos);
  second.reset();
  int status = 0;
  for (int i = 0; i < 1000 && status != 200; ++i) {
    status = server.StatusOf(PostOf(kPing));
    if (status != 200) std::this_thread::sleep_for(milliseconds(10));
  }
  CHECK(status == 200);
}

TEST_CASE("calls over the limit get 503") {
  Gate gate;
  HttpServiceOptions service;
  service.mcp.max_calls = 1;
  Server server(Patient(), std::move(service), {gate.MakeTool()});
  HttpClient client(server.desk.port());
  client.Send(PostOf(LegacyCall("gate")));
  gate.begun.wait();
  CHECK(server.StatusOf(PostOf(LegacyCall("gate"))) == 503);
  gate.release.count_down();
  CHECK(client.Receive()->status == 200);
}

TEST_CASE("only JSON is accepted") {
  Server server;
  const auto status = [&](std::string_view fields) {
    return server.StatusOf("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n" +
                           std::string(fields) + "\r\n" + std::string(kPing));
  };
  const std::string json = "Content-Type: application/json\r\n";
  CHECK(status("") == 415);
  CHECK(status("Content-Type: text/plain\r\n") == 415);
  CHECK(status("Content-Type: application/jsonp\r\n") == 415);
  CHECK(status("Content-Type: application/x-www-form-urlencoded\r\n") == 415);
  CHECK(status(json + json) == 415);
  CHECK(status(json + "Content-Encoding: gzip\r\n") == 415);
  CHECK(status(json) == 200);
  CHECK(status("Content-Type: APPLICATION/JSON;charset=utf-8\r\n") == 200);
  CHECK(status(json + "Expect: miracles\r\n") == 417);
}

TEST_CASE("the Accept header decides between JSON and a stream") {
  Server server;
  const std::string ping(kPing);
  const auto type = [&](std::string_view fields) {
    const auto reply = server.Ask(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
        std::string(fields) + "Content-Length: " + std::to_string(ping.size()) + "\r\n\r\n" + ping);
    return reply && reply->status == 200 ? reply->Get("content-type")
                                         : std::to_string(reply ? reply->status : 0);
  };
  for (const char* fields : {"",
                             "Accept:\r\n",
                             "Accept: ,\r\n",
                             "Accept: */*\r\n",
                             "Accept: *\r\n",
                             "Accept: application/json\r\n",
                             "ACCEPT: Application/JSON\r\n",
                             "Accept: application/json;q=0.9\r\n",
                             "Accept: application/json ; q=0.001\r\n",
                             "Accept: application/json; charset=utf-8\r\n",
                             "Accept: application/*\r\n",
                             "Accept: application/*, text/*\r\n",
                             "Accept: application/json, application/mcp+json\r\n",
                             "Accept: application/json, text/event-stream\r\n",
                             "Accept: text/event-stream;q=0.5 ,Application/JSON;q=1\r\n",
                             "Accept: application/json\r\nAccept: text/event-stream\r\n",
                             "Accept: text/html\r\nAccept: application/json\r\n",
                             "Accept: text/html, image/gif, *; q=.2, */*; q=.2\r\n",
                             "Accept: application/json, */*;q=0\r\n",
                             "Accept: text/event-stream;q=0, */*\r\n"}) {
    INFO(fields);
    CHECK(type(fields) == "application/json");
  }
  for (const char* fields : {"Accept: text/event-stream\r\n", "Accept: text/*\r\n",
                             "Accept: application/json;q=0, text/event-stream\r\n"}) {
    INFO(fields);
    CHECK(type(fields) == "text/event-stream");
  }
  for (const char* fields :
       {"Accept: text/html\r\n", "Accept: image/*\r\n", "Accept: application/jsonp\r\n",
        "Accept: application/json;q=0\r\n", "Accept: */*;q=0.0\r\n"}) {
    INFO(fields);
    CHECK(type(fields) == "406");
  }
}

TEST_CASE("without Accept for streams, a slow call is answered as JSON without progress") {
  Gate gate;
  HttpOptions options = Patient();
  options.linger = milliseconds(1);
  std::vector<Tool> tools = FixtureTools();
  tools.push_back(gate.MakeTool());
  Server server(options, {}, std::move(tools));
  const auto post = [](const std::string& body, std::string_view fields = "") {
    return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Accept: application/json\r\n" +
           std::string(fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  };
  const auto count = server.Ask(post(LegacyCall("count", R"({"steps":3})")));
  REQUIRE(count);
  CHECK(count->Get("content-type") == "application/json");
  HttpClient client(server.desk.port());
  client.Send(post(LegacyCall("gate")));
  gate.begun.wait();
  std::this_thread::sleep_for(milliseconds(200));  // by now a stream would have begun
  gate.release.count_down();
  const auto reply = client.Receive();
  REQUIRE(reply);
  CHECK(reply->Get("content-type") == "application/json");
  CHECK(reply->body.find("through") != std::string::npos);
  // A method that only answers with a stream is refused.
  CHECK(server.StatusOf(post(std::string(kPing),
                             "MCP-Protocol-Version: 2026-07-28\r\n"
                             "Mcp-Method: subscriptions/listen\r\n")) == 406);
}

TEST_CASE("trailing slashes and a query do not change the route") {
  Server server;
  const std::string body(kPing);
  for (const char* target :
       {"/mcp", "/mcp/", "/mcp///", "/mcp?x=1", "/mcp/?x=/1/", "http://localhost/mcp/"}) {
    INFO(target);
    CHECK(server.StatusOf("POST " + std::string(target) +
                          " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                          "Content-Length: 40\r\n\r\n" +
                          body) == 200);
  }
  for (const char* target : {"/mcpx", "/mcp/x", "//mcp", "/?/mcp"}) {
    INFO(target);
    CHECK(server.StatusOf("POST " + std::string(target) +
                          " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                          "Content-Length: 40\r\n\r\n" +
                          body) == 404);
  }
  CHECK(server.StatusOf(Get("/healthz/")) == 200);
  CHECK(server.StatusOf(Get("/metrics/")) == 200);
}

TEST_CASE("initialize opens a session, even with an expired session id") {
  Server server;
  const auto first = server.Ask(PostOf(Initialize()));
  REQUIRE(first);
  const std::string id = first->Get("mcp-session-id");
  REQUIRE_FALSE(id.empty());
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::string& dead : {std::string("gone"), std::string(), std::string(200, 'x')}) {
    for (const std::string& body : {Initialize(), mark + Initialize()}) {
      INFO(dead);
      const auto reply = server.Ask(PostOf(body, "Mcp-Session-Id: " + dead + "\r\n"));
      REQUIRE(reply);
      CHECK(reply->status == 200);
      const std::string fresh = reply->Get("mcp-session-id");
      CHECK_FALSE(fresh.empty());
      CHECK(fresh != dead);
      CHECK(server.StatusOf(PostOf(kPing, "Mcp-Session-Id: " + fresh + "\r\n")) == 200);
    }
    CHECK(server.StatusOf(PostOf(kPing, "Mcp-Session-Id: " + dead + "\r\n")) == 404);
  }
  // Other sessions are not affected.
  CHECK(server.StatusOf(PostOf(kPing, "Mcp-Session-Id: " + id + "\r\n")) == 200);
}

TEST_CASE("a broken body is answered with the id of its request") {
  Server server;
  const std::string half = R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":"\ud83d"}})";
  CHECK(server.Ask(PostOf(half))->body == R"({"jsonrpc":"2.0","id":7,"result":{}})");
  CHECK(server.Ask(PostOf("\xEF\xBB\xBF" + std::string(kPing)))->body == kPong);
  CHECK(server.Ask(PostOf(std::string(kPing) + "\r\n"))->body == kPong);
  const std::string bytes = "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\",\"\xff\":1}";
  CHECK(server.Ask(PostOf(bytes))->body == R"({"jsonrpc":"2.0","id":8,"result":{}})");
  for (const std::string& body :
       {std::string(R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":NaN}})"),
        std::string(R"({"jsonrpc":"2.0","id":7,"method":"pi)"),
        R"({"jsonrpc":"2.0","method":"ping","params":)" + std::string(500, '[') +
            std::string(500, ']') + R"(,"id":7})"}) {
    INFO(body);
    const auto reply = server.Ask(PostOf(body));
    REQUIRE(reply);
    CHECK(reply->status == 400);
    CHECK(reply->body.starts_with(R"({"jsonrpc":"2.0","id":7,"error":)"));
  }
}

TEST_CASE("every byte of a chunked body counts towards the limit") {
  Server server;
  const std::string head =
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  const std::string ping = "28\r\n" + std::string(kPing) + "\r\n";
  CHECK(server
            .Ask(head + "28;a=b;c=\"d\"\r\n" + std::string(kPing) +
                 "\r\n0\r\nOrigin: https://evil.example\r\nX: y\r\n\r\n")
            ->body == kPong);
  // Bodies that never end.
  const auto answer_to = [&](const std::string& begin, const std::string& part) {
    HttpClient client(server.desk.port());
    client.Send(head + begin);
    std::size_t sent = 0;
    while (sent < 32 << 20 && client.Send(part)) sent += part.size();
    const auto reply = client.Receive();
    return reply ? reply->status : 0;
  };
  CHECK(answer_to(ping + "0\r\n", "A: " + std::string(1000, 'a') + "\r\n") != 200);
  CHECK(answer_to("28;", std::string(1000, 'a')) != 200);
  CHECK(answer_to(ping, "1;" + std::string(1000, 'a') + "\r\n \r\n") != 200);

  CHECK(server.StatusOf(head + ping + "0\r\n" + std::string(20'000, 'a')) == 431);
  CHECK(server.StatusOf(head + "28;" + std::string(20'000, 'a')) == 431);
  for (const char* broken : {"28\n", "28;a\n", "\n", "28 \n", "2g\r\n", "-1\r\n", "0x28\r\n",
                             "28\rx", "11111111111111111\r\n"}) {
    INFO(broken);
    CHECK(server.StatusOf(head + broken) == 400);
  }
  CHECK(server.StatusOf(head + "28\r\n" + std::string(kPing) + "\n") == 400);
  CHECK(server.StatusOf(head + ping + "0\n") == 400);
  CHECK(server.StatusOf(head + ping + "0\r\n\n") == 400);
  CHECK(server.StatusOf(head + ping + "0\r\nA: b\n") == 400);
  CHECK(server.StatusOf(head + "ffffffffffffffff\r\n") == 413);
  CHECK(server.StatusOf(head + "800001\r\n") == 413);
}

TEST_CASE("the bodies of all connections together are limited") {
  HttpOptions options = Patient();
  options.max_body_bytes = 1 << 20;
  options.max_bodies_bytes = 3 << 20;
  Server server(options);
  const std::string head =
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 1048576\r\n\r\n";
  std::vector<std::unique_ptr<HttpClient>> clients;
  std::vector<std::optional<HttpReply>> refused;
  for (int i = 0; i < 20; ++i) {
    auto& client = clients.emplace_back(std::make_unique<HttpClient>(server.desk.port()));
    client->Send(head);
    client->Send(std::string((1 << 20) - 1, ' '));
  }
  // Refused clients get status 503; the others are answered after their last byte.
  int good = 0, busy = 0;
  for (auto& client : clients) {
    client->Send("x");
    const auto reply = client->Receive();
    if (!reply) continue;  // the connection was reset while the client was sending
    if (reply->status == 503) {
      ++busy;
      CHECK(reply->Get("retry-after") == "1");
    } else {
      ++good;
      CHECK(reply->status == 400);  // it is not JSON
    }
    // Small bodies are always accepted.
    CHECK(server.StatusOf(PostOf(kPing)) == 200);
  }
  CHECK(good <= 3);
  CHECK(good + busy > 0);
  clients.clear();
  // Closed connections no longer count towards the limit.
  int status = 0;
  for (int i = 0; i < 1000 && status != 400; ++i) {
    status = server.StatusOf(head + std::string(1 << 20, ' '));
    if (status != 400) std::this_thread::sleep_for(milliseconds(10));
  }
  CHECK(status == 400);
}

TEST_CASE("other methods and paths get an error that names the valid ones") {
  Server server;
  const auto get = server.Ask(Get("/mcp"));
  REQUIRE(get);
  CHECK(get->status == 405);
  CHECK(get->Get("allow") == "POST, GET, DELETE, OPTIONS");
  CHECK(server.StatusOf(Get("/nothing")) == 404);
  CHECK(server.StatusOf(Get("/")) == 404);
  CHECK(server.StatusOf(
            "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n") == 404);
  CHECK(server.StatusOf("POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n") ==
        405);
  CHECK(server.Ask(Get("/healthz"))->body == "ok\n");
  CHECK(server.Ask(Get("/healthz?x=1"))->body == "ok\n");
  CHECK(server.Ask(Get("http://localhost/healthz"))->body == "ok\n");
  CHECK(server.StatusOf(Get("http://localhost")) == 404);
  const auto options =
      server.Ask("OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  REQUIRE(options);
  CHECK(options->status == 204);
  CHECK(options->Get("allow") == "POST, GET, DELETE, OPTIONS");
  CHECK(options->Get("access-control-allow-origin").empty());

  HttpClient client(server.desk.port());
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + Get("/healthz"));
  CHECK(client.Receive(false)->Get("content-length") == "3");
  CHECK(client.Receive()->body == "ok\n");
}

TEST_CASE("another origin is refused before the body is read, on every route") {
  HttpServiceOptions service;
  service.access.allowed_origins = {"https://app.example.com"};
  Server server(Patient(), std::move(service));
  for (const char* route : {"/mcp", "/v1/traces", "/healthz", "/metrics", "/"}) {
    INFO(route);
    CHECK(server.StatusOf("POST " + std::string(route) +
                          " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                          "Content-Type: text/plain\r\nContent-Length: 9999999\r\n\r\n") == 403);
  }
  CHECK(server.StatusOf(PostOf(kPing, "Origin: http://localhost:5173\r\n")) == 200);
  const auto allowed = server.Ask(PostOf(kPing, "Origin: https://app.example.com\r\n"));
  REQUIRE(allowed);
  CHECK(allowed->body == kPong);
  CHECK(allowed->Get("access-control-allow-origin") == "https://app.example.com");
  const auto preflight = server.Ask(
      "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\r\n"
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: mcp-name\r\n\r\n");
  REQUIRE(preflight);
  CHECK(preflight->status == 204);
  CHECK(preflight->Get("access-control-allow-headers") == "mcp-name");
  CHECK(preflight->Get("access-control-allow-methods") == "POST, GET, DELETE");
  CHECK(server.StatusOf("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n") == 403);
}

TEST_CASE("a token is required for everything but health") {
  HttpServiceOptions service;
  service.access.token = "0123456789abcdef";
  service.access.authorization_server = "https://auth.example.com";
  Server server(Patient(), std::move(service));
  const auto refused = server.Ask(PostOf(kPing));
  REQUIRE(refused);
  CHECK(refused->status == 401);
  CHECK(refused->Get("www-authenticate") ==
        "Bearer resource_metadata=\"http://localhost/.well-known/oauth-protected-resource/mcp\"");
  CHECK(server.StatusOf(Get("/metrics")) == 401);
  CHECK(server.StatusOf(Get("/healthz")) == 200);
  const std::string token = "Authorization: Bearer 0123456789abcdef\r\n";
  CHECK(server.StatusOf(PostOf(kPing, token)) == 200);
  CHECK(server.StatusOf(Get("/metrics", token)) == 200);
  const auto metadata = server.Ask(Get("/.well-known/oauth-protected-resource"));
  REQUIRE(metadata);
  CHECK(boost::json::parse(metadata->body).at("authorization_servers").at(0) ==
        "https://auth.example.com");
}

TEST_CASE("metrics show what was answered") {
  HttpServiceOptions service;
  service.append_metrics = [](std::string& text) { AppendMetric(text, "more", "gauge", "M.", 7); };
  Server server(Patient(), std::move(service));
  server.StatusOf(PostOf(kPing));
  server.StatusOf(Get("/nothing"));
  const std::vector<std::string> lines = {
      "halo_http_requests_total{route=\"/mcp\",status=\"200\"} 1\n",
      "halo_http_requests_total{route=\"other\",status=\"404\"} 1\n", "halo_mcp_sessions 0\n",
      "\nmore 7\n"};
  // A request is counted after its answer was sent, so the client may see the answer first.
  std::optional<HttpReply> metrics;
  std::vector<std::string> missing;
  for (int i = 0; i < 1000 && (i == 0 || !missing.empty()); ++i) {
    metrics = server.Ask(Get("/metrics"));
    REQUIRE(metrics);
    missing.clear();
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(missing),
                 [&](const auto& line) { return metrics->body.find(line) == std::string::npos; });
  }
  CHECK(metrics->Get("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(missing == std::vector<std::string>());
}

TEST_CASE("each kind of message has its status code") {
  Server server;
  const auto answer = [&](std::string_view body, std::string_view fields = "") {
    const auto reply = server.Ask(PostOf(body, fields));
    REQUIRE(reply);
    const std::string status = std::to_string(reply->status);
    if (reply->body.find("\"error\"") == std::string::npos) return status;
    return status + " " + std::to_string(CodeOf(reply->body));
  };
  const auto modern = [&](std::string_view method, std::string_view fields,
                          std::string_view version = "2026-07-28") {
    return answer(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                      R"(","params":{"name":"echo","arguments":{"text":"x"},"_meta":{)"
                      R"("io.modelcontextprotocol/protocolVersion":")" +
                      std::string(version) +
                      R"(","io.modelcontextprotocol/clientCapabilities":{}}}})",
                  fields);
  };
  CHECK(answer("{") == "400 -32700");
  CHECK(answer("") == "400 -32700");
  CHECK(answer("7") == "400 -32600");
  CHECK(answer("[]") == "400 -32600");
  CHECK(answer(R"({"jsonrpc":"2.0","id":null,"method":"ping"})") == "400 -32600");
  CHECK(answer(R"({"jsonrpc":"2.0","method":"notifications/initialized"})") == "202");
  CHECK(answer(R"({"jsonrpc":"2.0","id":1,"result":{}})") == "202");
  CHECK(answer(kPing) == "200");
  CHECK(answer(R"({"jsonrpc":"2.0","id":1,"method":"nothing"})") == "200 -32601");
  CHECK(answer(kPing, "MCP-Protocol-Version: 1999-01-01\r\n") == "400 -32022");
  CHECK(answer(kPing, "MCP-Protocol-Version: 2026-07-28\r\n") == "400 -32602");
  CHECK(answer(R"({"jsonrpc":"2.0","id":1,"method":"server/discover"})") == "400 -32602");
  CHECK(modern("tools/list", "") == "400 -32020");
  CHECK(modern("tools/list", "MCP-Protocol-Version: 2025-11-25\r\n") == "400 -32020");
  const std::string now = "MCP-Protocol-Version: 2026-07-28\r\n";
  CHECK(modern("tools/list", now) == "400 -32020");
  CHECK(modern("tools/list", now + "Mcp-Method: tools/call\r\n") == "400 -32020");
  CHECK(modern("tools/list", now + "mcp-METHOD:   tools/list  \r\n") == "200");
  CHECK(modern("tools/list", "MCP-Protocol-Version: 2031-01-01\r\nMcp-Method: tools/list\r\n",
               "2031-01-01") == "400 -32022");
  CHECK(modern("nothing", now + "Mcp-Method: nothing\r\n") == "404 -32601");
  CHECK(modern("initialize", now + "Mcp-Method: initialize\r\n") == "404 -32601");
  CHECK(modern("tools/call", now + "Mcp-Method: tools/call\r\n") == "400 -32020");
  CHECK(modern("tools/call", now + "Mcp-Method: tools/call\r\nMcp-Name: fail\r\n") == "400 -32020");
  CHECK(modern("tools/call", now + "Mcp-Method: tools/call\r\nMcp-Name: echo\r\n") == "200");
  CHECK(modern("tools/call", now + "Mcp-Method: tools/call\r\nMcp-Name: =?base64?ZWNobw==?=\r\n"
                                   "Mcp-Session-Id: none\r\nLast-Event-ID: 7\r\n") == "200");
}

TEST_CASE("a session lives from initialize to DELETE") {
  Server server;
  const auto opened = server.Ask(PostOf(Initialize()));
  REQUIRE(opened);
  const std::string id = opened->Get("mcp-session-id");
  CHECK(id.size() == 32);
  const std::string session = "Mcp-Session-Id: " + id + "\r\n";
  const auto remove = [&](std::string_view fields) {
    return server.StatusOf("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) +
                           "\r\n");
  };
  CHECK(server.StatusOf(PostOf(kPing, session)) == 200);
  CHECK(server.StatusOf(PostOf(kPing, "Mcp-Session-Id: other\r\n")) == 404);
  CHECK(server.Ask(PostOf(kPing))->Get("mcp-session-id").empty());
  CHECK(server.Ask(PostOf(Initialize()))->Get("mcp-session-id") != id);
  CHECK(server.Ask(PostOf(R"({"jsonrpc":"2.0","id":0,"method":"initialize"})"))
            ->Get("mcp-session-id")
            .empty());
  CHECK(remove("") == 400);
  CHECK(remove("Mcp-Session-Id: other\r\n") == 404);
  CHECK(remove(session + "MCP-Protocol-Version: 2026-07-28\r\n") == 405);
  CHECK(remove(session) == 204);
  CHECK(remove(session) == 404);
  CHECK(server.StatusOf(PostOf(kPing, session)) == 404);
}

TEST_CASE("a session keeps the negotiated revision") {
  Server server;
  const std::string session =
      "Mcp-Session-Id: " + server.Ask(PostOf(Initialize("2024-11-05")))->Get("mcp-session-id") +
      "\r\n";
  const std::string call = LegacyCall("echo", R"({"text":"hi"})");
  const std::string structured = "structuredContent";
  CHECK(server.Ask(PostOf(call, session))->body.find(structured) == std::string::npos);
  CHECK(server.Ask(PostOf(call, "MCP-Protocol-Version: 2025-06-18\r\n"))->body.find(structured) !=
        std::string::npos);
}

TEST_CASE("a session has one stream for messages outside of requests") {
  Server server;
  const std::string session =
      "Mcp-Session-Id: " + server.Ask(PostOf(Initialize()))->Get("mcp-session-id") + "\r\n";
  CHECK(server.StatusOf(Get("/mcp", session + "Accept: application/json\r\n")) == 406);
  CHECK(server.StatusOf(Get("/mcp", "Mcp-Session-Id: other\r\n")) == 404);
  CHECK(server.StatusOf(Get("/mcp", session + "MCP-Protocol-Version: 2026-07-28\r\n")) == 405);
  HttpClient client(server.desk.port());
  client.Send(Get("/mcp", session + "Accept: text/event-stream\r\n"));
  const auto head = client.ReceiveHead();
  REQUIRE(head);
  CHECK(head->Get("content-type") == "text/event-stream");
  CHECK(server.StatusOf(Get("/mcp", session)) == 409);
  // Ending the session ends its stream.
  CHECK(server.StatusOf("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" + session + "\r\n") == 204);
  CHECK_FALSE(client.ReceiveEvent());

  const std::string other =
      "Mcp-Session-Id: " + server.Ask(PostOf(Initialize()))->Get("mcp-session-id") + "\r\n";
  auto first = std::make_unique<HttpClient>(server.desk.port());
  first->Send(Get("/mcp", other));
  CHECK(first->ReceiveHead()->status == 200);
  first.reset();
  // A client that has disconnected can open the stream again; shutdown ends it.
  int status = 409;
  HttpClient second(server.desk.port());
  for (int i = 0; i < 1000 && status == 409; ++i) {
    second.Send(Get("/mcp", other));
    const auto again = second.ReceiveHead();
    REQUIRE(again);
    status = again->status;
    if (status == 409) second.ReceiveBody(*again);
  }
  CHECK(status == 200);
  CHECK(server.desk.Stop());
  CHECK_FALSE(second.ReceiveEvent());
}

TEST_CASE("the first notification turns the answer into a stream") {
  Server server;
  HttpClient client(server.desk.port());
  client.Send(PostOf(LegacyCall("count", R"({"steps":3})")) + PostOf(kPing));
  const auto head = client.ReceiveHead();
  REQUIRE(head);
  CHECK(head->status == 200);
  CHECK(head->Get("content-type") == "text/event-stream");
  CHECK(head->Get("x-accel-buffering") == "no");
  CHECK(head->Get("cache-control") == "no-store");
  for (int step = 1; step <= 3; ++step) {
    const auto event = client.ReceiveEvent();
    REQUIRE(event);
    CHECK(event->find("\"progress\":" + std::to_string(step)) != std::string::npos);
  }
  CHECK(client.ReceiveEvent()->find(R"("id":1,"result")") != std::string::npos);
  CHECK_FALSE(client.ReceiveEvent());
  CHECK(client.Receive()->body == kPong);
}

TEST_CASE("a slow call becomes a stream, kept alive by comments") {
  Gate gate;
  HttpOptions options = Patient();
  options.linger = options.comment = milliseconds(1);
  Server server(options, {}, {gate.MakeTool()});
  HttpClient client(server.desk.port());
  client.Send(PostOf(LegacyCall("gate")));
  const auto head = client.ReceiveHead();
  REQUIRE(head);
  CHECK(head->Get("content-type") == "text/event-stream");
  // Meanwhile, other clients are served.
  CHECK(server.StatusOf(PostOf(kPing)) == 200);
  std::thread releasing([&] {
    std::this_thread::sleep_for(milliseconds(300));
    gate.release.count_down();
  });
  CHECK(client.ReceiveEvent()->find("through") != std::string::npos);
  releasing.join();
  CHECK(client.comments() > 0);
  CHECK_FALSE(client.ReceiveEvent());
}

TEST_CASE("disconnecting cancels a modern call, before and after it became a stream") {
  for (const bool stream : {false, true}) {
    Gate gate;
    HttpOptions options = Patient();
    if (stream) options.linger = milliseconds(1);
    Server server(options, {}, {gate.MakeTool()});
    HttpClient client(server.desk.port());
    client.Send(ModernPost("gate"));
    if (stream) CHECK(client.ReceiveHead());
    gate.begun.wait();
    client.Close();
    gate.ended.wait();
    CHECK(gate.stopped);
  }
}

TEST_CASE("disconnecting does not cancel a legacy call, but ending its session does") {
  Gate gate;
  Server server(Patient(), {}, {gate.MakeTool()});
  const std::string session =
      "Mcp-Session-Id: " + server.Ask(PostOf(Initialize()))->Get("mcp-session-id") + "\r\n";
  HttpClient client(server.desk.port());
  client.Send(PostOf(LegacyCall("gate"), session));
  gate.begun.wait();
  client.Close();
  // Long enough for the server to notice the end.
  for (int i = 0; i < 20; ++i) {
    CHECK(server.StatusOf(PostOf(kPing)) == 200);
    std::this_thread::sleep_for(milliseconds(10));
  }
  CHECK_FALSE(gate.stopped);
  CHECK(server.StatusOf(PostOf(R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                               R"("params":{"requestId":1}})",
                               session)) == 202);
  gate.ended.wait();
  CHECK(gate.stopped);
}

TEST_CASE("a client may close its sending side and still get the answer") {
  Server server;
  HttpClient client(server.desk.port());
  client.Send(PostOf(kPing));
  client.EndSending();
  CHECK(client.Receive()->body == kPong);
  CHECK(client.Ends());
}

TEST_CASE("a request sent while a call runs is answered after it") {
  Gate gate;
  std::vector<Tool> tools = FixtureTools();
  tools.push_back(gate.MakeTool());
  Server server(Patient(), {}, std::move(tools));
  HttpClient client(server.desk.port());
  client.Send(PostOf(LegacyCall("gate")));
  gate.begun.wait();
  std::this_thread::sleep_for(milliseconds(200));
  client.Send(PostOf(kPing).substr(0, 100));
  std::this_thread::sleep_for(milliseconds(200));
  client.Send(PostOf(kPing).substr(100));
  gate.release.count_down();
  CHECK(client.Receive()->body.find("through") != std::string::npos);
  CHECK(client.Receive()->body == kPong);
}

TEST_CASE("on shutdown, calls in progress are answered and no new ones start") {
  Gate gate;
  Server server(Patient(), {}, {gate.MakeTool()});
  HttpClient idle(server.desk.port()), client(server.desk.port());
  client.Send(PostOf(LegacyCall("gate")) + PostOf(kPing));
  gate.begun.wait();
  bool stopped = false;
  std::thread stopping([&] { stopped = server.desk.Stop(); });
  CHECK(idle.Ends());
  gate.release.count_down();
  const auto reply = client.Receive();
  REQUIRE(reply);
  CHECK(reply->body.find("through") != std::string::npos);
  CHECK(reply->Get("connection") == "close");
  CHECK(client.Ends());
  stopping.join();
  CHECK(stopped);
  CHECK_FALSE(gate.stopped);
}

TEST_CASE("on shutdown, a slow call is stopped and still answered") {
  Gate gate;
  HttpOptions options = Patient();
  options.to_answer = milliseconds(1);
  options.to_stop = minutes(1);
  Server server(options, {}, {gate.MakeTool()});
  HttpClient client(server.desk.port());
  client.Send(PostOf(LegacyCall("gate")));
  gate.begun.wait();
  CHECK(server.desk.Stop());
  CHECK(gate.stopped);
  CHECK(client.Receive()->body.find("through") != std::string::npos);
}

TEST_CASE("an address in use and an invalid address are reported") {
  Server server;
  HttpOptions options;
  options.port = server.desk.port();
  const auto taken = HttpServer::Start(server.desk.service(), options);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().code == Code::kUnavailable);
  CHECK(taken.error().message.find("is already in use") != std::string::npos);
  options.address = "somewhere";
  CHECK(HttpServer::Start(server.desk.service(), options).error().code == Code::kInvalidArgument);
  CHECK(*IsLoopback("127.0.0.1"));
  CHECK(*IsLoopback("::1"));
  CHECK_FALSE(*IsLoopback("0.0.0.0"));
  CHECK_FALSE(IsLoopback("localhost").has_value());
}

}  // namespace halo
