// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "server/http/access.h"
#include "server/http/listen_address.h"
#include "server/http/metrics.h"
#include "server/http/random_token.h"
#include "server/http/session_table.h"
#include "tests/unit/sources/temp_folder.h"

namespace halo {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

std::string ListenText(std::string_view text) {
  const Result<ListenAddress> parsed = ParseListenAddress(text);
  return parsed ? parsed->address + " " + std::to_string(parsed->port) : "wrong";
}

// A table whose clock the test controls.
struct TurnedTable {
  SessionTable::Clock::time_point now{};
  SessionTable table{2, minutes(10), [this] { return now; }};
};

}  // namespace

TEST_CASE("the value of --listen is an address and a port") {
  CHECK(ListenText("127.0.0.1:4318") == "127.0.0.1 4318");
  CHECK(ListenText("0.0.0.0:0") == "0.0.0.0 0");
  CHECK(ListenText("[::1]:80") == "::1 80");
  CHECK(ListenText("localhost:80") == "127.0.0.1 80");
  CHECK(ListenText("80") == "127.0.0.1 80");
  for (const char* wrong : {"", ":80", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "::1:80",
                            "127.0.0.1:-1", "127.0.0.1:80 "}) {
    INFO(wrong);
    CHECK(ListenText(wrong) == "wrong");
  }
  CHECK(UrlOf("127.0.0.1", 80) == "http://127.0.0.1:80");
  CHECK(UrlOf("::1", 80) == "http://[::1]:80");
}

TEST_CASE("a missing token file is created for its owner, and can be read again") {
  const TempFolder folder;
  const std::string path = folder.Path("token");
  const Result<std::string> made = LoadOrCreateToken(path);
  REQUIRE(made.has_value());
  CHECK(made->size() == 64);
  struct stat info;
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(*LoadOrCreateToken(path) == *made);

  ::chmod(path.c_str(), 0640);
  CHECK(LoadOrCreateToken(path).error().message.find("is readable by other users") !=
        std::string::npos);
}

TEST_CASE("a token file contains one token and nothing else") {
  const TempFolder folder;
  const std::string path = folder.Path("token");
  const auto read = [&](std::string_view text) {
    {
      std::ofstream out(path);
      out << text;
    }
    ::chmod(path.c_str(), 0600);
    const Result<std::string> token = LoadOrCreateToken(path);
    return token ? *token : "wrong";
  };
  CHECK(read("  sixteen-letters!\r\n\n") == "sixteen-letters!");
  CHECK(read("") == "wrong");
  CHECK(read("short") == "wrong");
  CHECK(read("two words in a line") == "wrong");
  CHECK(read("line-of-16-chars\nline-of-16-chars") == "wrong");
  CHECK(read(std::string(600, 'a')) == "wrong");
  CHECK_FALSE(LoadOrCreateToken(folder.Path("")).has_value());
  CHECK_FALSE(LoadOrCreateToken(path + "/below/a/file").has_value());
}

TEST_CASE("secrets are compared completely, and random tokens differ") {
  CHECK(SameSecret("abc", "abc"));
  CHECK_FALSE(SameSecret("abc", "abd"));
  CHECK_FALSE(SameSecret("abc", "ab"));
  CHECK(SameSecret("", ""));
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(RandomToken(16));
  CHECK(tokens.size() == 100);
  CHECK(tokens.begin()->size() == 32);
}

TEST_CASE("a session is found by its id until it is removed") {
  TurnedTable turned;
  const auto session = std::make_shared<HttpSession>();
  const std::string id = turned.table.Add(session);
  CHECK(id.size() == 32);
  CHECK(turned.table.Find(id) == session);
  CHECK(turned.table.Find("other") == nullptr);
  CHECK(turned.table.Remove(id));
  CHECK_FALSE(turned.table.Remove(id));
  CHECK(turned.table.Find(id) == nullptr);
}

TEST_CASE("an idle session expires, and the least recently used one is evicted") {
  TurnedTable turned;
  const std::string first = turned.table.Add(std::make_shared<HttpSession>());
  turned.now += minutes(6);
  const std::string second = turned.table.Add(std::make_shared<HttpSession>());
  CHECK(turned.table.Find(first));
  turned.now += minutes(6);
  CHECK(turned.table.Find(first));
  const std::string third = turned.table.Add(std::make_shared<HttpSession>());
  CHECK(turned.table.size() == 2);
  CHECK_FALSE(turned.table.Find(second));
  CHECK(turned.table.Find(first));
  turned.now += minutes(11);
  CHECK_FALSE(turned.table.Find(first));
  CHECK(turned.table.size() == 0);
}

TEST_CASE("removing a session cancels its calls") {
  TurnedTable turned;
  const auto session = std::make_shared<HttpSession>();
  const std::string id = turned.table.Add(session);
  const auto call = session->connection->Begin(1, {[](const std::string&) {}, [](const Reply&) {}});
  REQUIRE(call.has_value());
  turned.table.Remove(id);
  CHECK((*call)->cancelled());
}

TEST_CASE("metrics count requests by route and status, and sum durations") {
  HttpMetrics metrics;
  metrics.CountRequest(HttpRoute::kMcp, 200, milliseconds(3), 10, 100);
  metrics.CountRequest(HttpRoute::kMcp, 200, milliseconds(300), 10, 100);
  metrics.CountRequest(HttpRoute::kMcp, 404, milliseconds(1), 1, 2);
  metrics.CountRequest(HttpRoute::kHealth, 200, minutes(1), 0, 3);
  metrics.ChangeCalls(3);
  const std::string text = metrics.Text();
  for (const char* line : {
           "halo_http_requests_total{route=\"/mcp\",status=\"200\"} 2\n",
           "halo_http_requests_total{route=\"/mcp\",status=\"404\"} 1\n",
           "halo_http_request_duration_seconds_bucket{route=\"/mcp\",le=\"0.001\"} 1\n",
           "halo_http_request_duration_seconds_bucket{route=\"/mcp\",le=\"0.005\"} 2\n",
           "halo_http_request_duration_seconds_bucket{route=\"/mcp\",le=\"+Inf\"} 3\n",
           "halo_http_request_duration_seconds_count{route=\"/mcp\"} 3\n",
           "halo_http_request_duration_seconds_bucket{route=\"/healthz\",le=\"30\"} 0\n",
           "halo_http_request_duration_seconds_sum{route=\"/healthz\"} 60\n",
           "halo_http_request_bytes_total 21\n",
           "halo_http_response_bytes_total 205\n",
           "halo_calls_under_way 3\n",
       }) {
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  }
  std::string process;
  AppendProcessMetrics(process);
  CHECK(process.find("process_resident_memory_bytes ") != std::string::npos);
  CHECK(process.find("process_resident_memory_bytes 0\n") == std::string::npos);
}

}  // namespace halo
