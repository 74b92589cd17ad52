// SPDX-License-Identifier: MIT
#include "server/register/program_path.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace halo {
namespace {

namespace fs = std::filesystem;

bool IsProgram(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::string Absolute(const std::string& path) {
  return fs::absolute(path).lexically_normal().string();
}

}  // namespace

Result<std::string> ProgramPath(const std::string& command, const std::string& self,
                                const std::string& search_path) {
  constexpr std::string_view kDeleted = " (deleted)";
  if (command.empty()) {
    if (!self.ends_with(kDeleted)) return self;
    const std::string replaced = self.substr(0, self.size() - kDeleted.size());
    if (IsProgram(replaced)) return replaced;
    return Error{Code::kInvalidArgument,
                 replaced + ": this program was deleted; name another one with --command"};
  }
  if (command.find('/') != command.npos) return Absolute(command);
  for (std::size_t at = 0; at <= search_path.size();) {
    const std::size_t end = std::min(search_path.find(':', at), search_path.size());
    const std::string folder = search_path.substr(at, end - at);
    const std::string path = Absolute((folder.empty() ? "." : folder) + "/" + command);
    if (IsProgram(path)) return path;
    at = end + 1;
  }
  return Error{Code::kInvalidArgument,
               "--command: no program " + command + " on PATH; give its path"};
}

}  // namespace halo
