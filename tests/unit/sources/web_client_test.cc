// SPDX-License-Identifier: MIT
#include "engine/sources/web_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>

#include "tests/support/scripted_server.h"

namespace halo {
namespace {

using std::chrono::milliseconds;

constexpr const char* kSecret = "sk-lf-very-secret";

WebPace Quick() {
  WebPace pace;
  pace.first_backoff = milliseconds(1);
  pace.longest_backoff = milliseconds(5);
  pace.request = milliseconds(5'000);
  return pace;
}

Result<WebReply> Ask(const ScriptedServer& server, const std::string& path, WebPace pace = Quick(),
                     const std::stop_token& stop = {}) {
  WebClient client(*ParseWebAddress(server.url()), {"pk", kSecret}, pace);
  Result<WebReply> reply = client.Get({path, {}}, stop);
  if (!reply) CHECK(reply.error().message.find(kSecret) == std::string::npos);
  return reply;
}

// Answers with each of the given answers in turn, then with the last.
class Turns {
 public:
  explicit Turns(std::vector<ServedAnswer> answers) : answers_(std::move(answers)) {}
  ServedAnswer operator()(const ServedRequest&) {
    const std::size_t turn = std::min(turn_++, answers_.size() - 1);
    return answers_[turn];
  }

 private:
  std::vector<ServedAnswer> answers_;
  std::size_t turn_ = 0;
};

std::string HttpDate(std::time_t time) {
  char text[64];
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

TEST_CASE("a request has the credentials, and its answer is the reply") {
  ScriptedServer server([](const ServedRequest&) { return ServedAnswer{200, R"({"data":[]})"}; });
  const Result<WebReply> reply = Ask(server, "/x?a=1");
  REQUIRE(reply.has_value());
  CHECK(reply->body == R"({"data":[]})");
  // Base64 of pk:sk-lf-very-secret.
  CHECK(server.requests().at(0).fields["authorization"] == "Basic cGs6c2stbGYtdmVyeS1zZWNyZXQ=");
  WebClient bearer(*ParseWebAddress(server.url()), {"", kSecret}, Quick());
  REQUIRE(bearer.Get({"/x", {}}, {}).has_value());
  CHECK(server.requests().at(1).fields["authorization"] == std::string("Bearer ") + kSecret);
}

TEST_CASE("a request that may succeed later is repeated") {
  const ServedAnswer failures[] = {
      {429, "", {{"Retry-After", "0"}}},         {500, "oops"}, {503, ""}, {408, ""},
      {200, std::string(100'000, 'x'), {}, 0.5},  // the connection is reset in the middle
  };
  for (const ServedAnswer& failure : failures) {
    ScriptedServer server(Turns({failure, failure, {200, "[1]"}}));
    const Result<WebReply> reply = Ask(server, "/x");
    REQUIRE(reply.has_value());
    CHECK(reply->body == "[1]");
    CHECK(server.requests().size() == 3);
  }
}

TEST_CASE("attempts are bounded, and other errors are not repeated") {
  ScriptedServer broken(Turns({{502, ""}}));
  const Result<WebReply> reply = Ask(broken, "/x");
  REQUIRE_FALSE(reply.has_value());
  CHECK(reply.error().code == Code::kUnavailable);
  CHECK(reply.error().message.find("HTTP 502, 4 times") != std::string::npos);
  CHECK(broken.requests().size() == 4);

  ScriptedServer refusing(Turns({{401, R"({"message":"sk-lf-very-secret"})"}}));
  const Result<WebReply> refused = Ask(refusing, "/x");
  REQUIRE(refused.has_value());
  CHECK(refused->status == 401);
  CHECK(refusing.requests().size() == 1);
}

TEST_CASE("Retry-After is waited for, as seconds and as a date") {
  for (const std::string& after : {std::string("1"), HttpDate(std::time(nullptr) + 2)}) {
    ScriptedServer server(Turns({{429, "", {{"Retry-After", after}}}, {200, "[]"}}));
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(Ask(server, "/x").has_value());
    // The date has whole seconds, so that up to one of the two may have passed.
    CHECK(std::chrono::steady_clock::now() - start >= milliseconds(900));
  }
}

TEST_CASE("a server that asks for a long wait ends the pull") {
  for (const std::string& after : {std::string("3600"), HttpDate(std::time(nullptr) + 3600)}) {
    ScriptedServer server(Turns({{429, "", {{"Retry-After", after}}}}));
    const Result<WebReply> reply = Ask(server, "/x");
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().code == Code::kUnavailable);
    CHECK(reply.error().message.find("asks to wait for 3") != std::string::npos);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("a request that takes too long is repeated, then given up") {
  ScriptedServer server(Turns({{200, "[]", {}, 1, 2'000}}));
  WebPace pace = Quick();
  pace.request = milliseconds(100);
  pace.attempts = 2;
  const Result<WebReply> reply = Ask(server, "/x", pace);
  REQUIRE_FALSE(reply.has_value());
  CHECK(reply.error().code == Code::kUnavailable);
}

TEST_CASE("a stop ends a request, and the wait before the next attempt") {
  ServedAnswer slow{200, "[]", {}, 1, 20'000};
  ServedAnswer busy{503, "", {{"Retry-After", "60"}}};
  for (const ServedAnswer& answer : {slow, busy}) {
    ScriptedServer server(Turns({answer}));
    std::stop_source stop;
    WebPace pace = Quick();
    pace.request = milliseconds(60'000);
    std::jthread stopper([&stop, &server] {
      while (server.requests().empty()) std::this_thread::sleep_for(milliseconds(5));
      std::this_thread::sleep_for(milliseconds(50));
      stop.request_stop();
    });
    const Result<WebReply> reply = Ask(server, "/x", pace, stop.get_token());
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().code == Code::kCancelled);
  }
}

TEST_CASE("redirects are followed on the same host only") {
  ScriptedServer other(Turns({{200, "[2]"}}));
  std::string target = "/moved";
  ScriptedServer server([&target](const ServedRequest& request) {
    if (request.path == "/moved") return ServedAnswer{200, "[1]"};
    return ServedAnswer{302, "", {{"Location", target}}};
  });
  const Result<WebReply> same = Ask(server, "/x");
  if (!same) FAIL(same.error().message);
  CHECK(same->body == "[1]");

  target = "/x";  // for ever
  CHECK_FALSE(Ask(server, "/x").has_value());

  target = other.url() + "/moved";
  const Result<WebReply> crossed = Ask(server, "/x");
  REQUIRE_FALSE(crossed.has_value());
  CHECK(crossed.error().message.find("redirects to another address") != std::string::npos);
  CHECK(other.requests().empty());
}

TEST_CASE("several requests are asked at once, and answered in their order") {
  std::atomic<int> open{0};
  ScriptedServer server([&open](const ServedRequest& request) {
    ++open;
    return ServedAnswer{200, request.Get("n")};
  });
  WebClient client(*ParseWebAddress(server.url()), {}, Quick());
  std::vector<WebRequest> requests;
  for (int i = 0; i < 20; ++i) requests.push_back({"/x?n=" + std::to_string(i), {}});
  const std::vector<Result<WebReply>> replies = client.GetAll(requests, {});
  REQUIRE(replies.size() == 20);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    REQUIRE(replies[i].has_value());
    CHECK(replies[i]->body == std::to_string(i));
  }
}

TEST_CASE("addresses are http or https, without credentials, and not link-local") {
  CHECK(ParseWebAddress("https://cloud.langfuse.com/")->base == "https://cloud.langfuse.com");
  CHECK(ParseWebAddress("http://[::1]:6006/phoenix/")->base == "http://[::1]:6006/phoenix");
  CHECK(ParseWebAddress("http://10.0.0.7:3000").has_value());
  for (const char* const wrong :
       {"", "cloud", "ftp://host/", "file:///etc/passwd", "https://user:sk-lf-1@host/",
        "https://host/?key=1", "http://169.254.169.254/latest", "http://[fe80::1%25eth0]/",
        "http://0.0.0.0:80", "http://[::ffff:169.254.169.254]/", "http://2852039166/",
        "http://0xa9fea9fe/", "gopher://x"}) {
    INFO(wrong);
    const Result<WebAddress> address = ParseWebAddress(wrong);
    REQUIRE_FALSE(address.has_value());
    CHECK(address.error().message.find("sk-lf-1") == std::string::npos);
  }
}

TEST_CASE("a socket is not opened to a link-local address") {
  const auto v4 = [](const char* text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, text, &address.sin_addr);
    return IsForbidden(reinterpret_cast<const sockaddr&>(address));
  };
  const auto v6 = [](const char* text) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    inet_pton(AF_INET6, text, &address.sin6_addr);
    return IsForbidden(reinterpret_cast<const sockaddr&>(address));
  };
  CHECK(v4("169.254.169.254"));
  CHECK(v4("0.0.0.0"));
  CHECK(v4("224.0.0.1"));
  CHECK_FALSE(v4("127.0.0.1"));
  CHECK_FALSE(v4("192.168.1.1"));
  CHECK(v6("fe80::1"));
  CHECK(v6("::ffff:169.254.0.1"));
  CHECK(v6("::"));
  CHECK_FALSE(v6("::1"));
  CHECK_FALSE(v6("::ffff:127.0.0.1"));
  CHECK_FALSE(v6("2001:db8::1"));
}

}  // namespace
}  // namespace halo
