// SPDX-License-Identifier: MIT
#include "server/commands/import_roots.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace halo {

std::vector<std::string> ProjectRoots() {
  namespace fs = std::filesystem;
  std::error_code error;
  const char* const project = std::getenv("CLAUDE_PROJECT_DIR");
  const fs::path folder = fs::weakly_canonical(
      project && *project ? fs::path(project) : fs::current_path(error), error);
  const char* const home = std::getenv("HOME");
  const bool is_home = home && *home && fs::equivalent(folder, home, error);
  if (folder.empty() || folder == "/" || is_home) return {};
  return {folder.string()};
}

}  // namespace halo
