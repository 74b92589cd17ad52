// SPDX-License-Identifier: MIT
#include "engine/ingest/rotation.h"

#include <filesystem>
#include <string_view>
#include <system_error>

#include "engine/sources/file_source.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr int kMostOpened = 256;

}  // namespace

std::vector<std::string> FindCopies(const std::string& path, const SourcePosition& known) {
  std::vector<std::string> copies;
  if (!known.resumable || known.offset == 0) return copies;
  const fs::path self(path);
  const std::string name = self.filename().string();
  // "agent" of agent.jsonl, agent.jsonl.2.gz and agent-2026-01-31.jsonl
  const std::string_view stem =
      std::string_view(name).substr(0, name.find_first_of(".-_0123456789"));
  std::error_code error;
  int opened = 0;
  for (fs::directory_iterator it(self.has_parent_path() ? self.parent_path() : ".", error), end;
       !error && it != end && opened < kMostOpened; it.increment(error)) {
    std::error_code ignored;
    const std::string other = it->path().filename().string();
    if (other == name || other.starts_with('.') || !other.starts_with(stem)) continue;
    if (!it->is_regular_file(ignored)) continue;
    ++opened;
    if (HoldsRead(it->path().string(), known)) copies.push_back(it->path().string());
  }
  return copies;
}

}  // namespace halo
