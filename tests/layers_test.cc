// SPDX-License-Identifier: MIT
// Holds the shape of the tree: includes point leftwards only, and heavy headers stay where they
// belong.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kLayers = {"schemas", "engine", "tools", "server"};

int LayerOf(std::string_view path) {
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    if (path.starts_with(std::string(kLayers[i]) + "/")) return static_cast<int>(i);
  }
  return -1;
}

struct Include {
  std::string file, target;
};

std::vector<Include> IncludesOf(const fs::path& root, std::string_view layer) {
  std::vector<Include> includes;
  for (const auto& entry : fs::recursive_directory_iterator(root / layer)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cc") continue;
    const std::string file = fs::relative(entry.path(), root).string();
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("#include ")) continue;
      const std::size_t open = line.find_first_of("\"<");
      const std::size_t close = line.find_first_of("\">", open + 1);
      if (open == line.npos || close == line.npos) continue;
      includes.push_back({file, line.substr(open + 1, close - open - 1)});
    }
  }
  return includes;
}

std::vector<std::string> Violations(std::string_view layer,
                                    bool (*forbidden)(const Include& include)) {
  std::vector<std::string> found;
  for (const Include& include : IncludesOf(HALO_SOURCE_DIR, layer)) {
    if (forbidden(include)) found.push_back(include.file + " includes " + include.target);
  }
  return found;
}

// Two types of one name in one namespace link without a word and then share their functions.
std::vector<std::string> TypesDefinedTwice() {
  std::map<std::string, std::set<std::string>> files;
  for (const std::string_view layer : kLayers) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(HALO_SOURCE_DIR) / layer)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream in(entry.path());
      std::string space;
      for (std::string line; std::getline(in, line);) {
        if (line.starts_with("namespace ")) space = line;
        const bool opens = line.ends_with(" {");
        for (const std::string_view word : {"struct ", "class "}) {
          if (!opens || !line.starts_with(word)) continue;
          const std::string rest = line.substr(word.size());
          files[space + rest.substr(0, rest.find_first_of(" :"))].insert(entry.path().string());
        }
      }
    }
  }
  std::vector<std::string> twice;
  for (const auto& [name, where] : files) {
    if (where.size() > 1) twice.push_back(name + " in " + *where.begin() + ", " + *where.rbegin());
  }
  return twice;
}

}  // namespace

TEST_CASE("a type is defined in one header") {
  CHECK(TypesDefinedTwice() == std::vector<std::string>());
}

TEST_CASE("includes point to the same layer or to one on its left") {
  int seen = 0;
  for (const std::string_view layer : kLayers) {
    for (const Include& include : IncludesOf(HALO_SOURCE_DIR, layer)) {
      const int target = LayerOf(include.target);
      if (target < 0) continue;
      ++seen;
      INFO(include.file << " includes " << include.target);
      CHECK(target <= LayerOf(include.file));
    }
  }
  CHECK(seen > 100);
}

TEST_CASE("the product does not include its tests") {
  for (const std::string_view layer : kLayers) {
    CHECK(Violations(layer, [](const Include& include) {
            return include.target.starts_with("tests/");
          }).empty());
  }
}

TEST_CASE("the engine has never heard of MCP, JSON documents or the command line") {
  CHECK(Violations("engine", [](const Include& include) {
          return include.target.starts_with("boost/json") || include.target == "schemas/json.h" ||
                 include.target == "schemas/mcp.h" || include.target.starts_with("CLI/") ||
                 include.target.starts_with("boost/beast") ||
                 include.target.starts_with("boost/asio");
        }) == std::vector<std::string>());
}

TEST_CASE("SQL stays behind the store") {
  CHECK(Violations("engine", [](const Include& include) {
          return include.target == "sqlite3.h" && !include.file.starts_with("engine/store/sqlite/");
        }) == std::vector<std::string>());
  for (const std::string_view layer : {"tools", "server"}) {
    CHECK(Violations(layer, [](const Include& include) {
            return include.target.starts_with("engine/store/sqlite/") ||
                   include.target == "sqlite3.h";
          }) == std::vector<std::string>());
  }
}

TEST_CASE("a tool does not know how it is called") {
  CHECK(Violations("tools", [](const Include& include) {
          return include.target == "schemas/mcp.h";
        }) == std::vector<std::string>());
}

}  // namespace halo
