// SPDX-License-Identifier: MIT
#include "server/register/absolute_path.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace halo {

namespace fs = std::filesystem;

std::string EnvironmentText(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string AbsolutePath(const std::string& path) {
  const std::string home = EnvironmentText("HOME");
  if (!home.empty() && (path == "~" || path.starts_with("~/"))) {
    return fs::path(home + path.substr(1)).lexically_normal().string();
  }
  return fs::absolute(path).lexically_normal().string();
}

std::string AbsoluteStore(const std::string& url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (url.starts_with(kScheme))
    return std::string(kScheme) + AbsolutePath(url.substr(kScheme.size()));
  return url.find(':') == url.npos ? AbsolutePath(url) : url;
}

}  // namespace halo
