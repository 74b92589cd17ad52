// SPDX-License-Identifier: MIT
// `halo-mcp serve` as a user runs it.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <utility>

#include "tests/support/http_client.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

// The program, its process and what it prints.
class Serving {
 public:
  explicit Serving(const std::string& options) {
    const std::string command =
        "echo $$; exec " HALO_BINARY " serve --listen 127.0.0.1:0 " + options;
    output_ = ::popen(command.c_str(), "r");
    REQUIRE(output_);
    pid_ = std::stoi(Line());
    for (std::string line = Line(); !line.empty(); line = Line()) {
      printed_ += line;
      if (line.find("/mcp") != line.npos && port_ == 0) {
        port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
      }
      if (line.find("halo-mcp register") != line.npos) break;
    }
    REQUIRE(port_ > 0);
  }
  ~Serving() {
    if (output_) End();
  }

  // As the user ends it; the exit code.
  int End() {
    ::kill(pid_, SIGTERM);
    const int status = ::pclose(std::exchange(output_, nullptr));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  std::uint16_t port() const { return port_; }
  const std::string& printed() const { return printed_; }

  std::optional<HttpReply> Ask(const std::string& bytes) const {
    HttpClient client(port_);
    client.Send(bytes);
    return client.Receive();
  }
  std::string Overview(const std::string& fields = "") const {
    const auto reply = Ask(
        PostOf(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_overview"}})",
               "MCP-Protocol-Version: 2025-11-25\r\n" + fields));
    REQUIRE(reply);
    return std::to_string(reply->status) + " " + reply->body;
  }

 private:
  std::string Line() {
    std::array<char, 1024> line;
    return std::fgets(line.data(), line.size(), output_) ? line.data() : "";
  }

  std::FILE* output_ = nullptr;
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
  std::string printed_;
};

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("serve says where it is, answers there, and ends when it is told to") {
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

  // A second one cannot have the address.
  CHECK(WaitFor(StartProgram({"serve", "--listen", "127.0.0.1:" + std::to_string(serving.port()),
                              "--store", folder.StoreUrl("a.db")})) == 1);
  CHECK(serving.End() == 0);
}

TEST_CASE("serve makes a token, and asks for it") {
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

TEST_CASE("serve does not open itself to others without a token, or to anything misspelt") {
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
