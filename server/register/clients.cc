// SPDX-License-Identifier: MIT
#include "server/register/clients.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "server/register/toml_edit.h"

namespace halo {
namespace {

namespace json = boost::json;

// Where desktop programs keep their configuration.
#ifdef __APPLE__
constexpr std::string_view kConfigVariable;
constexpr std::string_view kConfigFolder = "Library/Application Support";
#else
constexpr std::string_view kConfigVariable = "XDG_CONFIG_HOME";
constexpr std::string_view kConfigFolder = ".config";
#endif

json::array ArrayOf(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

json::object Program(const ServerAddress& server) {
  return {{"command", server.command}, {"args", ArrayOf(server.args)}};
}

json::object Typed(std::string_view type, const json::object& rest) {
  json::object entry{{"type", type}};
  entry.insert(rest.begin(), rest.end());
  return entry;
}

json::object Remote(std::string_view key, const ServerAddress& server, const std::string& token) {
  json::object entry{{key, server.url}};
  if (server.with_token) entry["headers"] = {{"Authorization", "Bearer " + token}};
  return entry;
}

json::object TypedEntry(const ServerAddress& server, const std::string& token) {
  return server.url.empty() ? Typed("stdio", Program(server))
                            : Typed("http", Remote("url", server, token));
}

json::object CursorEntry(const ServerAddress& server, const std::string& token) {
  return server.url.empty() ? Program(server) : Remote("url", server, token);
}

json::object ProgramEntry(const ServerAddress& server, const std::string&) {
  return Program(server);
}

json::object GeminiEntry(const ServerAddress& server, const std::string& token) {
  return server.url.empty() ? Program(server) : Remote("httpUrl", server, token);
}

json::object OpenCodeEntry(const ServerAddress& server, const std::string& token) {
  if (!server.url.empty()) return Typed("remote", Remote("url", server, token));
  json::array command{json::value(server.command)};
  for (const std::string& arg : server.args) command.emplace_back(arg);
  return Typed("local", {{"command", std::move(command)}});
}

json::object CodexEntry(const ServerAddress& server, const std::string& token) {
  if (server.url.empty()) return Program(server);
  json::object entry{{"url", server.url}};
  if (server.with_token) entry["bearer_token_env_var"] = token;
  return entry;
}

const std::array<McpClient, 7>& Clients() {
  static const std::array<McpClient, 7> kClients = {{
      {"claude-code",
       "Claude Code",
       ConfigFormat::kJson,
       ".mcp.json",
       {"CLAUDE_CONFIG_DIR", "", ".claude.json"},
       "",
       {{"mcpServers"}},
       "${HALO_TOKEN}",
       TypedEntry,
       "It is available in new conversations; /mcp shows it."},
      {"claude-desktop",
       "Claude Desktop",
       ConfigFormat::kJson,
       "",
       {kConfigVariable, kConfigFolder, "Claude/claude_desktop_config.json"},
       "",
       {{"mcpServers"}},
       "",
       ProgramEntry,
       "Restart Claude Desktop."},
      {"cursor",
       "Cursor",
       ConfigFormat::kJsonWithComments,
       ".cursor/mcp.json",
       {"", ".cursor", "mcp.json"},
       "",
       {{"mcpServers"}},
       "${env:HALO_TOKEN}",
       CursorEntry,
       "Enable it in Cursor's settings, under MCP."},
      {"codex",
       "Codex",
       ConfigFormat::kToml,
       ".codex/config.toml",
       {"CODEX_HOME", ".codex", "config.toml"},
       "",
       {{"mcp_servers"}},
       "HALO_TOKEN",
       CodexEntry,
       "It is available in new conversations; `codex mcp list` shows it."},
      {"vscode",
       "VS Code",
       ConfigFormat::kJsonWithComments,
       ".vscode/mcp.json",
       {kConfigVariable, kConfigFolder, "Code/User/mcp.json"},
       "",
       {{"servers"}},
       "${env:HALO_TOKEN}",
       TypedEntry,
       "Start it with the command \"MCP: List Servers\"."},
      {"gemini",
       "Gemini CLI",
       ConfigFormat::kJsonWithComments,
       ".gemini/settings.json",
       {"", ".gemini", "settings.json"},
       "",
       {{"mcpServers"}},
       "${HALO_TOKEN}",
       GeminiEntry,
       "Restart Gemini CLI; /mcp shows it."},
      // Since version 2, servers may also be one level deeper.
      {"opencode",
       "OpenCode",
       ConfigFormat::kJsonWithComments,
       "opencode.json",
       {"XDG_CONFIG_HOME", ".config", "opencode/opencode.json"},
       "c",
       {{"mcp", "servers"}, {"mcp"}},
       "{env:HALO_TOKEN}",
       OpenCodeEntry,
       "Restart OpenCode."},
  }};
  return kClients;
}

JsonDialect DialectOf(const McpClient& client) {
  return client.format == ConfigFormat::kJson ? JsonDialect::kStrict : JsonDialect::kWithComments;
}

// All keys that we may have written into an entry, for a program or a URL.
std::vector<std::string> OwnKeys(const McpClient& client) {
  std::vector<std::string> keys;
  for (const ServerAddress& server :
       {ServerAddress{"command", {}, "", false}, ServerAddress{"", {}, "url", true}}) {
    for (const auto& member : client.entry(server, "token")) keys.emplace_back(member.key());
  }
  return keys;
}

JsonPath Join(JsonPath path, const std::string& key) {
  path.push_back(key);
  return path;
}

Result<std::string> RegisterInJson(const McpClient& client, std::string_view given,
                                   const std::string& name, const json::object& entry) {
  const JsonDialect dialect = DialectOf(client);
  const Result<json::value> root = ParseJsonText(given, dialect);
  if (!root) return root.error();
  const auto servers = std::find_if(client.server_paths.begin(), client.server_paths.end() - 1,
                                    [&root](const JsonPath& path) {
                                      const json::value* found = FindJsonValue(*root, path);
                                      return found && found->is_object();
                                    });
  const JsonPath path = Join(*servers, name);
  const json::value* old = FindJsonValue(*root, path);
  if (!old || !old->is_object()) return SetJsonValue(given, path, entry, dialect);

  Result<std::string> text = std::string(given);
  for (const std::string& key : OwnKeys(client)) {
    if (text && !entry.contains(key)) text = RemoveJsonValue(*text, Join(path, key), dialect);
  }
  for (const auto& [key, value] : entry) {
    const json::value* now = old->get_object().if_contains(key);
    if (text && (!now || *now != value)) {
      text = SetJsonValue(*text, Join(path, std::string(key)), value, dialect);
    }
  }
  return text;
}

}  // namespace

std::span<const McpClient> AllMcpClients() { return Clients(); }

Result<const McpClient*> FindMcpClient(std::string_view name) {
  std::string known;
  for (const McpClient& client : AllMcpClients()) {
    if (client.name == name) return &client;
    known += (known.empty() ? "" : ", ") + std::string(client.name);
  }
  return Error{Code::kInvalidArgument, "unknown client " + std::string(name) + "; known: " + known};
}

Result<std::string> Register(const McpClient& client, std::string_view text,
                             const std::string& name, const ServerAddress& server) {
  const json::object entry = client.entry(server, std::string(client.token));
  if (client.format != ConfigFormat::kToml) return RegisterInJson(client, text, name, entry);
  return SetTomlTable(text, client.server_paths.front().front(), name, entry, OwnKeys(client));
}

Result<std::string> Unregister(const McpClient& client, std::string_view given,
                               const std::string& name) {
  if (client.format == ConfigFormat::kToml) {
    return RemoveTomlTable(given, client.server_paths.front().front(), name);
  }
  Result<std::string> text = std::string(given);
  for (const JsonPath& servers : client.server_paths) {
    if (text) text = RemoveJsonValue(*text, Join(servers, name), DialectOf(client));
  }
  return text;
}

std::string UserPath(const McpClient& client,
                     const std::function<std::string(const char*)>& environment) {
  const UserFile& file = client.user_file;
  std::string folder;
  if (!file.variable.empty()) folder = environment(std::string(file.variable).c_str());
  if (folder.empty()) {
    folder = environment("HOME");
    if (folder.empty()) return "";
    if (!file.folder.empty()) folder += "/" + std::string(file.folder);
  }
  return folder + "/" + std::string(file.file);
}

}  // namespace halo
