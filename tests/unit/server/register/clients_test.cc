// SPDX-License-Identifier: MIT
#include "server/register/clients.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/support/source_dir.h"

namespace halo {
namespace {

const ServerAddress kProgram{"/usr/local/bin/halo-mcp",
                             {"stdio", "--otlp", "127.0.0.1:4318", "--traces", "/path/to/traces"},
                             "",
                             false};
const ServerAddress kUrl{"", {}, "http://127.0.0.1:4318/mcp", true};

const McpClient& Client(std::string_view name) { return *FindMcpClient(name).value(); }

std::string Registered(const McpClient& client, std::string_view text,
                       const ServerAddress& server) {
  const auto edited = Register(client, text, "halo", server);
  return edited ? *edited : "error: " + edited.error().message;
}

std::string FileText(const std::string& name) {
  std::ifstream in(SourceDir() / "examples/clients" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string PathOf(std::string_view name, const std::map<std::string, std::string>& variables) {
  return UserPath(Client(name), [&variables](const char* variable) {
    const auto found = variables.find(variable);
    return found == variables.end() ? "" : found->second;
  });
}

}  // namespace

TEST_CASE("the example configurations match the output of register") {
  for (const McpClient& client : AllMcpClients()) {
    const std::string name(client.name);
    const std::string ending = client.format == ConfigFormat::kToml ? ".toml" : ".json";
    CHECK(FileText(name + ending) == Registered(client, "", kProgram));
    if (!client.token.empty()) {
      CHECK(FileText(name + "-http" + ending) == Registered(client, "", kUrl));
    }
  }
}

TEST_CASE("every client: registering twice changes nothing, and it can be undone") {
  for (const McpClient& client : AllMcpClients()) {
    CAPTURE(client.name);
    const std::string first = Registered(client, "", kProgram);
    CHECK(Registered(client, first, kProgram) == first);
    if (!client.token.empty()) {
      CHECK(Registered(client, Registered(client, first, kUrl), kProgram).size() == first.size());
      CHECK(Registered(client, first, kUrl).find("stdio") == std::string::npos);
    }
    const auto removed = Unregister(client, first, "halo");
    REQUIRE(removed.has_value());
    CHECK(removed->find("halo") == std::string::npos);
  }
}

TEST_CASE("keys that the user added to the entry are preserved") {
  const std::string text = Registered(
      Client("claude-code"),
      "{\"mcpServers\": {\"halo\": {\"command\": \"/old\", \"alwaysLoad\": true}, \"b\": {}}}",
      kUrl);
  CHECK(text.find("\"alwaysLoad\": true") != std::string::npos);
  CHECK(text.find("/old") == std::string::npos);
  CHECK(text.find("\"url\": \"http://127.0.0.1:4318/mcp\"") != std::string::npos);
  CHECK(text.ends_with("\"b\": {}}}"));
}

TEST_CASE("comments are only accepted for clients that support them") {
  const std::string text = "{\n  // mine\n}\n";
  CHECK(Registered(Client("vscode"), text, kProgram).starts_with("{\n  // mine\n  \"servers\": {"));
  CHECK(Registered(Client("claude-code"), text, kProgram).starts_with("error: invalid JSON"));
}

TEST_CASE("OpenCode's servers are added where the file has them") {
  CHECK(Registered(Client("opencode"), "{\"mcp\": {\"servers\": {\"b\": {}}}}", kProgram) ==
        "{\"mcp\": {\"servers\": {\"b\": {}, \"halo\": {\"type\": \"local\", \"command\": "
        "[\"/usr/local/bin/halo-mcp\", \"stdio\", \"--otlp\", \"127.0.0.1:4318\", \"--traces\", "
        "\"/path/to/traces\"]}}}}");
  CHECK(Registered(Client("opencode"), "{\"mcp\": {\"b\": {}}}", kUrl) ==
        "{\"mcp\": {\"b\": {}, \"halo\": {\"type\": \"remote\", \"url\": "
        "\"http://127.0.0.1:4318/mcp\", \"headers\": {\"Authorization\": \"Bearer "
        "{env:HALO_TOKEN}\"}}}}");
}

TEST_CASE("a client's own environment variable determines its file") {
  CHECK(PathOf("codex", {{"HOME", "/h"}}) == "/h/.codex/config.toml");
  CHECK(PathOf("codex", {{"HOME", "/h"}, {"CODEX_HOME", "/c"}}) == "/c/config.toml");
  CHECK(PathOf("claude-code", {{"HOME", "/h"}}) == "/h/.claude.json");
  CHECK(PathOf("opencode", {{"HOME", "/h"}}) == "/h/.config/opencode/opencode.json");
  CHECK(PathOf("cursor", {}).empty());
}

TEST_CASE("the error for an unknown client lists the known ones") {
  const auto found = FindMcpClient("emacs");
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().message ==
        "unknown client emacs; known: claude-code, claude-desktop, cursor, codex, vscode, "
        "gemini, opencode");
}

}  // namespace halo
