// SPDX-License-Identifier: MIT
#include "server/http/access.h"

#include <catch2/catch.hpp>

#include "tests/unit/server/http/fields.h"

namespace halo {
namespace {

const std::string kToken = "0123456789abcdef";

AccessOptions WithToken() {
  AccessOptions options;
  options.token = kToken;
  return options;
}

// The status of the refusal; 0 if there is none.
int StatusFor(const AccessOptions& options, TestFields::List list, std::string_view target = "/mcp",
              std::string_view method = "POST", bool http_1_0 = false) {
  const TestFields fields(std::move(list));
  const HttpRequest request{method, target, http_1_0, &fields, {}};
  const auto refusal = AccessRules(options).Refuse(request);
  return refusal ? refusal->status : 0;
}

int HostStatus(std::string host) { return StatusFor({}, {{"Host", std::move(host)}}); }

int OriginStatus(std::string origin, std::string_view target = "/mcp") {
  AccessOptions options;
  options.allowed_origins = {"https://app.example.com"};
  return StatusFor(options, {{"Host", "localhost:4318"}, {"Origin", std::move(origin)}}, target);
}

}  // namespace

TEST_CASE("a loopback server only accepts loopback host names") {
  for (const char* host : {"localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:4318", "[::1]",
                           "[::1]:80", "localhost:65535"}) {
    INFO(host);
    CHECK(HostStatus(host) == 0);
  }
  for (const char* host : {"evil.example.com", "localhost.evil.com", "127.0.0.1.nip.io",
                           "127.0.0.2", "[::2]:80", "192.168.1.1:4318"}) {
    INFO(host);
    CHECK(HostStatus(host) == 403);
  }
  for (const char* host : {"", ":80", "localhost:", "localhost:8x", "local host", "a\"b", "[::1",
                           "[::1]x", "user@localhost"}) {
    INFO(host);
    CHECK(HostStatus(host) == 400);
  }
}

TEST_CASE("Host is required exactly once, except in HTTP/1.0") {
  CHECK(StatusFor({}, {}) == 400);
  CHECK(StatusFor({}, {{"Host", "localhost"}, {"host", "localhost"}}) == 400);
  CHECK(StatusFor({}, {}, "/mcp", "POST", true) == 0);
  CHECK(StatusFor({}, {{"Host", "evil.com"}}, "/mcp", "POST", true) == 403);
}

TEST_CASE("other host names are accepted on other addresses and for allowed origins") {
  AccessOptions options;
  options.loopback = false;
  CHECK(StatusFor(options, {{"Host", "halo.example.com"}}) == 0);
  options.loopback = true;
  options.allowed_origins = {"https://halo.example.com"};
  CHECK(StatusFor(options, {{"Host", "halo.example.com"}}) == 0);
  CHECK(StatusFor(options, {{"Host", "other.example.com"}}) == 403);
}

TEST_CASE("web pages of other origins are refused on every route") {
  for (const char* route : {"/mcp", "/healthz", "/metrics", "/v1/traces", "/nothing", "/"}) {
    INFO(route);
    CHECK(OriginStatus("https://evil.example.com", route) == 403);
    CHECK(OriginStatus("http://localhost.evil.com", route) == 403);
    CHECK(OriginStatus("null", route) == 403);
    CHECK(OriginStatus("", route) == 403);
    CHECK(OriginStatus("file://localhost", route) == 403);
    CHECK(OriginStatus("https://app.example.com", route) == 0);
    CHECK(OriginStatus("https://app.example.com:8443", route) == 403);
    CHECK(OriginStatus("http://app.example.com", route) == 403);
  }
  for (const char* origin : {"http://localhost:3000", "http://127.0.0.1", "https://[::1]:8"}) {
    CHECK(OriginStatus(origin, "/mcp") == 0);
    CHECK(OriginStatus(origin, "/v1/traces") == 403);
  }
  CHECK(StatusFor({}, {{"Host", "localhost"}, {"Origin", "http://localhost"}, {"Origin", "x"}}) ==
        403);
}

TEST_CASE("a token is required everywhere except on open routes") {
  const AccessOptions options = WithToken();
  const auto status = [&](std::string authorization, std::string_view target = "/mcp") {
    return StatusFor(options, {{"Host", "localhost"}, {"Authorization", authorization}}, target);
  };
  CHECK(status("Bearer " + kToken) == 0);
  CHECK(status("bearer " + kToken) == 0);
  for (const std::string& wrong : std::vector<std::string>{
           std::string(), kToken, "Basic " + kToken, "Bearer", "Bearer ", "Bearer  " + kToken,
           "Bearer " + kToken + "0", "Bearer 0123456789abcdeF", "Bearer 0123456789abcde"}) {
    INFO(wrong);
    CHECK(status(wrong) == 401);
    CHECK(status(wrong, "/metrics") == 401);
    CHECK(status(wrong, "/v1/traces") == 401);
    CHECK(status(wrong, "/nothing") == 401);
    CHECK(status(wrong, "/healthz") == 0);
    CHECK(status(wrong, "/.well-known/oauth-protected-resource/mcp") == 0);
  }
  // A token in the URL, or two tokens, are refused.
  CHECK(StatusFor(options, {{"Host", "localhost"}}, "/mcp?access_token=" + kToken) == 401);
  CHECK(StatusFor(options, {{"Host", "localhost"},
                            {"Authorization", "Bearer " + kToken},
                            {"Authorization", "Bearer x"}}) == 401);
  CHECK(StatusFor(options, {{"Host", "localhost"}}, "/mcp", "OPTIONS") == 0);
}

TEST_CASE("a client without a token learns where to get one, if configured") {
  AccessOptions options = WithToken();
  const TestFields fields(TestFields::List{{"Host", "127.0.0.1:99"}});
  const HttpRequest request{"POST", "/mcp", false, &fields, {}};
  auto refusal = AccessRules(options).Refuse(request);
  REQUIRE(refusal);
  REQUIRE(refusal->fields.size() == 1);
  CHECK(refusal->fields[0].second == "Bearer");
  const HttpRequest metadata{
      "GET", "/.well-known/oauth-protected-resource/mcp", false, &fields, {}};
  CHECK_FALSE(AccessRules(options).ResourceMetadata(metadata));

  options.authorization_server = "https://auth.example.com";
  const AccessRules rules(options);
  refusal = rules.Refuse(request);
  REQUIRE(refusal);
  CHECK(
      refusal->fields[0].second ==
      "Bearer resource_metadata=\"http://127.0.0.1:99/.well-known/oauth-protected-resource/mcp\"");
  const auto document = rules.ResourceMetadata(metadata);
  REQUIRE(document);
  CHECK(
      document->body ==
      R"({"resource":"http://127.0.0.1:99/mcp","authorization_servers":["https://auth.example.com"],)"
      R"("bearer_methods_supported":["header"],"resource_name":"halo-mcp"})");
  const HttpRequest other{"GET", "/.well-known/oauth-protected-resource/x", false, &fields, {}};
  CHECK_FALSE(rules.ResourceMetadata(other));

  const TestFields wrong(TestFields::List{{"Host", "localhost"}, {"Authorization", "Bearer no"}});
  const HttpRequest with_wrong{"POST", "/mcp", false, &wrong, {}};
  CHECK(rules.Refuse(with_wrong)->fields[0].second.find("error=\"invalid_token\"") !=
        std::string::npos);
}

}  // namespace halo
