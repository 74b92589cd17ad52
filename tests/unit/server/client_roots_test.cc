// SPDX-License-Identifier: MIT
#include "server/session/client_roots.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace halo {
namespace {

namespace json = boost::json;

TEST_CASE("the roots of a client are folders of this machine") {
  CHECK(PathOfFileUri("file:///home/me/a%20b") == "/home/me/a b");
  CHECK(PathOfFileUri("file://localhost/x") == "/x");
  for (const char* const other :
       {"file://elsewhere/x", "http://x/y", "/plain", "file:///a%00b", "file:///a%zz", "file://"}) {
    INFO(other);
    CHECK(PathOfFileUri(other).empty());
  }
  Client client;
  CHECK(RootsOfClient(client, {}).empty());
  int asked = 0;
  client.ask = [&asked](std::string_view method, json::object, std::stop_token) -> RpcResult {
    ++asked;
    CHECK(method == "roots/list");
    return json::object{
        {"roots", json::array{json::object{{"uri", "file:///home/a"}, {"name", "a"}},
                              json::object{{"uri", "https://x"}}, json::value("odd"),
                              json::object{{"uri", "file:///"}}}}};
  };
  CHECK(RootsOfClient(client, {}).empty());  // it has not declared any
  CHECK(asked == 0);
  client.capabilities["roots"] = json::object();
  CHECK(RootsOfClient(client, {}) == std::vector<std::string>{"/home/a"});
}

}  // namespace
}  // namespace halo
