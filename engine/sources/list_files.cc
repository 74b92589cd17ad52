// SPDX-License-Identifier: MIT
#include "engine/sources/list_files.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "engine/sources/byte_source.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

bool IsHidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

// The visible entries of a folder, sorted by name, with links last, so that a file is listed under
// its own name rather than that of a link.
std::vector<fs::path> Entries(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> entries;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    if (!IsHidden(it->path())) entries.push_back(it->path());
  }
  std::sort(entries.begin(), entries.end());
  std::error_code ignored;
  std::stable_partition(entries.begin(), entries.end(),
                        [&](const fs::path& path) { return !fs::is_symlink(path, ignored); });
  return entries;
}

// Collects the regular files under a folder. `seen` contains the canonical paths collected so far,
// so that cycles of links end and nothing is listed twice. A folder that cannot be listed is added
// to the files itself, so that opening it reports the error.
void Collect(const fs::path& folder, std::set<fs::path>& seen, std::set<std::string>& files) {
  std::error_code error;
  const std::vector<fs::path> entries = Entries(folder, error);
  if (error) files.insert(folder.string());
  for (const fs::path& path : entries) {
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    const bool is_folder = fs::is_directory(status);
    if (!is_folder && !fs::is_regular_file(status)) continue;
    if (!seen.insert(fs::canonical(path, ignored)).second) continue;
    if (is_folder) {
      Collect(path, seen, files);
    } else {
      files.insert(path.string());
    }
  }
}

Error Missing(const fs::path& path) {
  fs::path parent = path.parent_path().empty() ? fs::path(".") : path.parent_path();
  std::error_code error;
  std::vector<std::string> names;
  for (auto it = fs::directory_iterator(parent, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  std::string message = path.string() + ": no such file or folder";
  const std::string_view nearest = Nearest(path.filename().string(), known);
  if (!nearest.empty()) message += "; did you mean " + (parent / nearest).string() + "?";
  return {Code::kNotFound, std::move(message)};
}

}  // namespace

Result<std::vector<std::string>> ListFiles(std::span<const std::string> paths) {
  std::set<fs::path> seen;
  std::set<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) return Missing(path);
    const fs::path canonical = fs::canonical(path, error);
    if (error) return Error{Code::kInvalidArgument, path + ": " + error.message()};
    if (fs::is_directory(status)) {
      seen.insert(canonical);
      Collect(path, seen, files);
    } else if (fs::is_regular_file(status)) {
      if (seen.insert(canonical).second) files.insert(path);
    } else {
      return Error{Code::kInvalidArgument,
                   path + ": not a regular file or folder; pipe a stream into `halo-mcp ingest -`"};
    }
  }
  return std::vector<std::string>(files.begin(), files.end());
}

}  // namespace halo
