// SPDX-License-Identifier: MIT
// `halo-mcp serve` as a user runs it.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "tests/support/http_client.h"

namespace halo::system_test {

// The program, its process and what it prints.
class Serving {
 public:
  // `shell` is run by the shell before it executes the program, for example to set limits.
  explicit Serving(const std::string& options, const std::string& shell = "") {
    const std::string command =
        "echo $$; " + shell + " exec " HALO_BINARY " serve --listen 127.0.0.1:0 " + options;
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
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  // Ends it as a user does, and returns the exit code.
  int End() {
    ::kill(pid_, SIGTERM);
    const int status = ::pclose(std::exchange(output_, nullptr));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  pid_t pid() const { return pid_; }
  std::uint16_t port() const { return port_; }
  const std::string& printed() const { return printed_; }

  std::optional<HttpReply> Ask(const std::string& bytes) const {
    HttpClient client(port_);
    client.Send(bytes);
    return client.Receive();
  }
  // Returns status and body.
  std::string Post(const std::string& method, const std::string& params,
                   const std::string& fields = "") const {
    const auto reply = Ask(
        PostOf(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}",
               "MCP-Protocol-Version: 2025-11-25\r\n" + fields));
    REQUIRE(reply);
    return std::to_string(reply->status) + " " + reply->body;
  }
  std::string Overview(const std::string& fields = "") const {
    return Post("tools/call", R"({"name":"get_overview"})", fields);
  }
  std::string Health() const {
    const auto reply = Ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
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

}  // namespace halo::system_test
