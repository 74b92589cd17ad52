// SPDX-License-Identifier: MIT
// `halo-mcp serve` as a user runs it.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/system/serving.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("serve prints its address, answers there, and stops on SIGTERM") {
  const TempFolder folder;
  WriteFile(folder.At("traces.jsonl"), Join(SpanLines(3, 5)));
  CHECK(WaitFor(StartProgram(
            {"ingest", folder.At("traces.jsonl"), "--store", folder.StoreUrl("a.db")})) == 0);
  Serving serving("--store " + folder.StoreUrl("a.db"));
  const std::string url = "http://127.0.0.1:" + std::to_string(serving.port());
  CHECK(serving.printed().find("halo-mcp register claude-code --url " + url + "/mcp\n") !=
        std::string::npos);
  CHECK(serving.Overview().find(R"("traces":3)") != std::string::npos);
  const auto metrics = serving.Ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  REQUIRE(metrics);
  CHECK(metrics->body.find("\nhalo_store_traces 3\n") != std::string::npos);
  CHECK(metrics->body.find("\nhalo_http_connections ") != std::string::npos);

  // A second server cannot use the same address.
  CHECK(WaitFor(StartProgram({"serve", "--listen", "127.0.0.1:" + std::to_string(serving.port()),
                              "--store", folder.StoreUrl("a.db")})) == 1);
  CHECK(serving.End() == 0);
}

TEST_CASE("serve creates a token and requires it") {
  const TempFolder folder;
  const std::string file = folder.At("token");
  Serving serving("--store " + folder.StoreUrl("a.db") + " --token-file " + file);
  struct stat info;
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  std::string token = ReadFile(file);
  REQUIRE(token.size() == 65);
  token.pop_back();
  CHECK(serving.printed().find(token) == std::string::npos);
  CHECK(serving.printed().find(" --token-file " + file + "\n") != std::string::npos);
  CHECK(serving.Overview().starts_with("401 "));
  CHECK(serving.Overview("Authorization: Bearer " + token + "\r\n").starts_with("200 "));
  CHECK(serving.End() == 0);

  ::chmod(file.c_str(), 0644);
  CHECK(WaitFor(StartProgram({"serve", "--listen", "127.0.0.1:0", "--token-file", file, "--store",
                              folder.StoreUrl("a.db")})) == 2);
}

TEST_CASE("serve refuses other addresses without a token, and misspelt options") {
  const TempFolder folder;
  const std::string url = folder.StoreUrl("a.db");
  CHECK(WaitFor(StartProgram({"serve", "--listen", "0.0.0.0:0", "--store", url})) == 2);
  CHECK(WaitFor(StartProgram({"serve", "--listen", "nowhere", "--store", url})) == 2);
  CHECK(WaitFor(StartProgram({"serve", "--allow-origin", "*", "--store", url})) == 2);
  CHECK(WaitFor(StartProgram(
            {"serve", "--allow-origin", "https://a.example/path", "--store", url})) == 2);
  CHECK(WaitFor(StartProgram(
            {"serve", "--authorization-server", "auth.example", "--store", url})) == 2);
}

}  // namespace halo::system_test
