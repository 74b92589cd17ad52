// SPDX-License-Identifier: MIT
#include "tools/setup/find_framework.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string_view>

#include "tools/setup/manifest.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxDepth = 3;
constexpr std::size_t kMaxEntries = 5000;  // of all folders together
constexpr std::size_t kMaxManifests = 50;
constexpr std::size_t kMaxBytes = 256 * 1024;  // of a manifest

bool HoldsSources(const std::string& folder) {
  constexpr std::array<std::string_view, 10> kOthers = {
      "node_modules", "vendor", "site-packages", "__pycache__", "venv",
      "env",          "dist",   "build",         "target",      "third_party"};
  return !folder.starts_with(".") &&
         std::find(kOthers.begin(), kOthers.end(), folder) == kOthers.end();
}

// Whether a path lies in a folder of examples or tests: what they use is not what the repository's
// own program uses.
bool IsAside(const fs::path& path) {
  constexpr std::array<std::string_view, 14> kAside = {
      "examples", "example", "samples",  "sample",     "demo",      "demos",    "docs",
      "test",     "tests",   "fixtures", "benchmarks", "templates", "testdata", "e2e"};
  return std::any_of(path.begin(), path.end(), [&](const fs::path& part) {
    return std::find(kAside.begin(), kAside.end(), part.string()) != kAside.end();
  });
}

// Paths of manifests from the folder, level by level, each level in the order of names; those of
// examples and tests last.
std::vector<std::string> ManifestsBelow(const fs::path& folder) {
  std::vector<std::string> manifests;
  std::vector<fs::path> level = {fs::path()};
  std::size_t entries = 0;
  for (int depth = 0; depth <= kMaxDepth && !level.empty(); ++depth) {
    std::vector<fs::path> below, here;
    for (const fs::path& part : level) {
      std::error_code failure;
      for (fs::directory_iterator at(folder / part, failure), end; !failure && at != end;
           at.increment(failure)) {
        if (++entries > kMaxEntries) break;
        const std::string name = at->path().filename().string();
        const fs::file_status status = at->symlink_status(failure);
        if (failure) break;
        if (fs::is_directory(status) && HoldsSources(name)) below.push_back(part / name);
        if (fs::is_regular_file(status) && EcosystemOfManifest(name)) here.push_back(part / name);
      }
    }
    std::sort(here.begin(), here.end());
    std::sort(below.begin(), below.end());
    for (const fs::path& path : here) {
      if (manifests.size() < kMaxManifests) manifests.push_back(path.string());
    }
    level = std::move(below);
  }
  std::stable_partition(manifests.begin(), manifests.end(),
                        [](const std::string& manifest) { return !IsAside(manifest); });
  return manifests;
}

std::string HeadOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kMaxBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text.size() > kMaxBytes ? std::string() : text;
}

// 0 for a framework, 1 for the client of a model, 2 for OpenTelemetry alone.
int RankOf(const Recipe& recipe) {
  return recipe.name == "openai" ? 1 : recipe.name == "opentelemetry" ? 2 : 0;
}

void Match(const std::string& manifest, Ecosystem ecosystem,
           const std::vector<std::string>& packages, std::vector<FoundFramework>& found) {
  for (const Recipe& recipe : AllRecipes()) {
    if (recipe.ecosystem != ecosystem && recipe.ecosystem != Ecosystem::kSettings) continue;
    const bool known = std::any_of(found.begin(), found.end(), [&](const FoundFramework& one) {
      return one.recipe->name == recipe.name && one.recipe->ecosystem == recipe.ecosystem;
    });
    if (known) continue;
    const auto& names =
        ecosystem == Ecosystem::kNode ? recipe.npm_packages : recipe.python_packages;
    const auto shows = std::find_if(names.begin(), names.end(), [&](std::string_view name) {
      return std::binary_search(packages.begin(), packages.end(), name, std::less<>());
    });
    if (shows != names.end()) found.push_back({&recipe, std::string(*shows), manifest});
  }
}

}  // namespace

std::vector<FoundFramework> FindFrameworks(const std::string& folder) {
  std::vector<FoundFramework> found;
  const fs::path root(folder);
  const char* home = std::getenv("HOME");
  if (folder.empty() || root == root.root_path() || (home && root == fs::path(home))) return found;
  for (const std::string& manifest : ManifestsBelow(root)) {
    const std::string name = fs::path(manifest).filename().string();
    Match(manifest, *EcosystemOfManifest(name), PackagesIn(name, HeadOf(root / manifest)), found);
  }
  // Where the repository's own manifests show anything, its examples do not count.
  const auto aside = [](const FoundFramework& one) { return IsAside(one.manifest); };
  if (!std::all_of(found.begin(), found.end(), aside)) {
    found.erase(std::remove_if(found.begin(), found.end(), aside), found.end());
  }
  int best = 2;
  for (const FoundFramework& one : found) best = std::min(best, RankOf(*one.recipe));
  found.erase(
      std::remove_if(found.begin(), found.end(),
                     [best](const FoundFramework& one) { return RankOf(*one.recipe) > best; }),
      found.end());
  return found;
}

}  // namespace halo
