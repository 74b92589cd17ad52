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

// What a client is told of the server: a program to start, or a URL.
struct ServerAddress {
  std::string command;  // absolute path
  std::vector<std::string> args;
  std::string url;          // empty for a program
  bool with_token = false;  // sends the token in $HALO_TOKEN to the URL
};

// A file of the user's own: FILE in the folder that the variable names, else in FOLDER in the home.
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
  std::string_view project_file;  // below the project, empty where the client has none
  UserFile user_file;
  std::string_view other_ending;  // of the file's name, where a file of that name is there already
  // Where its servers stand. Of several places the first that the file has, else the last.
  std::vector<JsonPath> places;
  // How its configuration names the value of $HALO_TOKEN; empty where it knows no URLs.
  std::string_view token;
  boost::json::object (*entry)(const ServerAddress& server, const std::string& token);
  std::string_view then;  // what is left to do, a sentence
};

// THE LIST.
std::span<const McpClient> AllMcpClients();

// By its name on the command line; the error names those there are.
Result<const McpClient*> FindMcpClient(std::string_view name);

// `text` with the server of this name, or without it. What else the file says stays, byte for byte;
// unknown keys of the server's own entry too. Errors continue a sentence about the file.
Result<std::string> Register(const McpClient& client, std::string_view text,
                             const std::string& name, const ServerAddress& server);
Result<std::string> Unregister(const McpClient& client, std::string_view text,
                               const std::string& name);

// The path of the user's own file; the environment says where. Empty without a home.
std::string UserPath(const McpClient& client,
                     const std::function<std::string(const char*)>& environment);

}  // namespace halo
