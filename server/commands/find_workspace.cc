// SPDX-License-Identifier: MIT
#include "server/commands/find_workspace.h"

#include <filesystem>
#include <utility>

namespace halo {
namespace {

namespace fs = std::filesystem;

// The nearest halo.toml in the folder or above it; empty if there is none.
fs::path NearestConfig(fs::path folder) {
  while (!folder.empty()) {
    std::error_code failure;
    if (fs::is_regular_file(folder / "halo.toml", failure)) return folder / "halo.toml";
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return {};
}

}  // namespace

Workspace FindWorkspace(const std::string& folder, const Config& given, std::string& trouble) {
  Workspace workspace{folder, given.projects, given.services};
  const fs::path file = folder.empty() ? fs::path() : NearestConfig(folder);
  if (file.empty()) return workspace;
  Result<Config> config = LoadConfig(file.string());
  if (!config) {
    trouble = config.error().message;
    return {.folder = folder, .unreadable = true};
  }
  if (!config->projects.empty() || !config->services.empty()) {
    workspace.projects = std::move(config->projects);
    workspace.services = std::move(config->services);
  }
  return workspace;
}

}  // namespace halo
