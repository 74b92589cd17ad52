// SPDX-License-Identifier: MIT
// The MCP clients whose configuration halo-mcp can write. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "server/register/json_edit.h"

namespace halo {

// How a client reaches the server: a program to start, or a URL.
struct ServerAddress {
  std::string command;  // absolute path
  std::vector<std::string> args;
  std::string url;          // empty: start the program
  bool with_token = false;  // send the token in $HALO_TOKEN to the URL
};

// The per-user file: `file` in the folder that `variable` names, else in `folder` below $HOME.
struct UserFile {
  std::string_view variable;
  std::string_view folder;
  std::string_view file;
};

enum class ConfigFormat { kJson, kJsonWithComments, kToml };

struct McpClient {
  std::string_view name;  // on the command line
  std::string_view title;
  ConfigFormat format;
  std::string_view project_file;  // relative to the project; empty if the client has none
  UserFile user_file;
  std::string_view alternative_suffix;  // appended to the file's name if such a file exists
  // The object that holds the servers. If there are several paths, the first that the file has,
  // else the last.
  std::vector<JsonPath> server_paths;
  // How the configuration refers to $HALO_TOKEN; empty if the client does not support URLs.
  std::string_view token;
  boost::json::object (*entry)(const ServerAddress& server, const std::string& token);
  std::string_view next_step;  // for the user, a sentence
};

// The list of all clients.
std::span<const McpClient> AllMcpClients();

// Finds a client by its name on the command line; the error lists the known names.
Result<const McpClient*> FindMcpClient(std::string_view name);

// Return `text` with the server `name` added or removed. Everything else in the file is preserved
// byte for byte, including unknown keys of the server's entry. Error messages continue "FILE: ".
Result<std::string> Register(const McpClient& client, std::string_view text,
                             const std::string& name, const ServerAddress& server);
Result<std::string> Unregister(const McpClient& client, std::string_view text,
                               const std::string& name);

// The path of the per-user file, from the environment. Empty if HOME is not set.
std::string UserPath(const McpClient& client,
                     const std::function<std::string(const char*)>& environment);

}  // namespace halo
