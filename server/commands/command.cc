// SPDX-License-Identifier: MIT
#include "server/commands/command.h"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "server/commands/find_workspace.h"

namespace halo {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// The workspace of this process. If its halo.toml cannot be read, says why.
Workspace StartedIn(const Config& given) {
  std::error_code failure;
  const std::string folder = std::filesystem::current_path(failure).string();
  std::string trouble;
  Workspace workspace = FindWorkspace(failure ? std::string() : folder, given, trouble);
  if (!trouble.empty()) spdlog::warn("{}; no project is bound", trouble);
  return workspace;
}

}  // namespace

std::string DefaultStore() {
  if (std::string store = Environment("HALO_STORE"); !store.empty()) return store;
  std::string data = Environment("XDG_DATA_HOME");
  if (data.empty()) data = Environment("HOME") + "/.local/share";
  return "sqlite:" + data + "/halo-mcp/halo.db";
}

Result<std::unique_ptr<Engine>> OpenEngine(const GlobalOptions& globals, bool adopt_config) {
  EngineOptions options;
  options.store_url = globals.store;
  Config given;
  if (!globals.config.empty()) {
    Result<Config> config = LoadConfig(globals.config);
    if (!config) return config.error();
    given = *config;
    options.config = std::move(*config);
    options.adopt_config = adopt_config;
  }
  options.workspace = StartedIn(given);
  return Engine::Open(std::move(options));
}

ExitCode Fail(const Error& error) {
  spdlog::error("{}", error.message);
  return error.code == Code::kInvalidArgument ? kExitUsage : kExitFailed;
}

}  // namespace halo
