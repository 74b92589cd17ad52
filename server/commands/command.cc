// SPDX-License-Identifier: MIT
#include "server/commands/command.h"

#include <spdlog/spdlog.h>

#include <cstdlib>
#include <string_view>
#include <utility>

namespace halo {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
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
  if (!globals.config.empty()) {
    Result<Config> config = LoadConfig(globals.config);
    if (!config) return config.error();
    options.config = std::move(*config);
    options.adopt_config = adopt_config;
  }
  return Engine::Open(std::move(options));
}

ExitCode Fail(const Error& error) {
  spdlog::error("{}", error.message);
  return error.code == Code::kInvalidArgument ? kExitUsage : kExitFailed;
}

}  // namespace halo
