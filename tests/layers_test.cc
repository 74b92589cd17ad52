// SPDX-License-Identifier: MIT
// Checks the structure of the source tree: which folders may include which, the sizes of files and
// functions, where heavy headers may be included, and that a type has one definition.
// docs/design.md explains why.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/source_dir.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

// The list of rooms. A room may include itself and the rooms listed after it; "*" means every room
// of the layers to its left. A room that is missing here fails the test.
struct Room {
  std::string_view name;
  std::vector<std::string_view> may_include;
};

const std::vector<Room>& Rooms() {
  static const std::vector<Room> kRooms = {
      {"schemas", {}},
      {"engine/base", {}},
      {"engine/model", {"engine/base"}},
      {"engine/json", {"engine/base", "engine/model"}},
      {"engine/text", {"engine/base", "engine/model", "engine/json"}},
      {"engine/semconv", {"engine/base", "engine/model", "engine/json", "engine/text"}},
      {"engine/pricing", {"engine/base", "engine/model", "engine/text"}},
      {"engine/facts",
       {"engine/base", "engine/model", "engine/json", "engine/text", "engine/semconv",
        "engine/pricing"}},
      {"engine/trace", {"engine/base", "engine/model", "engine/text", "engine/facts"}},
      {"engine/detectors",
       {"engine/base", "engine/model", "engine/text", "engine/facts", "engine/trace"}},
      {"engine/analysis",
       {"engine/base", "engine/model", "engine/json", "engine/text", "engine/trace",
        "engine/detectors"}},
      {"engine/codec", {"engine/base", "engine/model"}},
      {"engine/summaries", {"engine/base", "engine/model", "engine/text", "engine/codec"}},
      {"engine/store",
       {"engine/base", "engine/model", "engine/text", "engine/codec", "engine/summaries"}},
      {"engine/sql", {"engine/base"}},
      {"engine/framing", {"engine/base", "engine/model", "engine/json"}},
      {"engine/importers", {"engine/base", "engine/model", "engine/json", "engine/framing"}},
      {"engine/sources", {"engine/base", "engine/model", "engine/json"}},
      {"engine/ingest",
       {"engine/base", "engine/model", "engine/json", "engine/text", "engine/semconv",
        "engine/pricing", "engine/facts", "engine/trace", "engine/detectors", "engine/analysis",
        "engine/codec", "engine/summaries", "engine/store", "engine/framing", "engine/importers",
        "engine/sources"}},
      {"engine",
       {"engine/base", "engine/model", "engine/json", "engine/text", "engine/semconv",
        "engine/pricing", "engine/facts", "engine/trace", "engine/detectors", "engine/analysis",
        "engine/codec", "engine/summaries", "engine/store", "engine/framing", "engine/importers",
        "engine/sources", "engine/ingest", "engine/sql"}},
      {"tools/answer", {"*"}},
      {"tools/setup", {"*"}},
      {"tools/common", {"*", "tools/answer", "tools/setup"}},
      {"tools/story", {"*", "tools/answer", "tools/common"}},
      {"tools", {"*", "tools/answer", "tools/setup", "tools/common", "tools/story"}},
      {"server/protocol", {"*"}},
      {"server/session", {"*", "server/protocol"}},
      {"server/methods", {"*", "server/protocol", "server/session"}},
      {"server/stdio", {"*", "server/protocol", "server/session", "server/methods"}},
      {"server/http", {"*", "server/protocol", "server/session", "server/methods"}},
      {"server/report", {"*"}},
      {"server/catalogue", {"*", "server/protocol", "server/session", "server/report"}},
      {"server/register", {"*"}},
      {"server/commands",
       {"*", "server/protocol", "server/session", "server/methods", "server/stdio", "server/http",
        "server/report", "server/catalogue", "server/register"}},
      {"server", {"*", "server/protocol", "server/session", "server/commands"}},
  };
  return kRooms;
}

constexpr std::array<std::string_view, 4> kLayers = {"schemas", "engine", "tools", "server"};

constexpr int kMaxFileLines = 500;
constexpr int kMaxFunctionLines = 80;

// Files that may exceed the limit, each with the reason. An entry that is not needed fails the
// test.
struct Exception {
  std::string_view name, reason;
};
const std::vector<Exception>& LongFiles() {
  static const std::vector<Exception> kFiles = {};
  return kFiles;
}

std::string_view LayerOf(std::string_view path) { return path.substr(0, path.find('/')); }

int RankOf(std::string_view layer) {
  const auto found = std::find(kLayers.begin(), kLayers.end(), layer);
  return found == kLayers.end() ? -1 : static_cast<int>(found - kLayers.begin());
}

// "engine/store/sqlite/database.h" is in "engine/store", "engine/engine.h" in "engine".
std::string RoomOf(std::string_view path) {
  const std::size_t first = path.find('/');
  const std::size_t second = path.find('/', first + 1);
  return std::string(path.substr(0, second == path.npos ? first : second));
}

struct SourceFile {
  std::string path;  // from the root of the project
  std::vector<std::string> lines;
};

const std::vector<SourceFile>& Sources() {
  static const std::vector<SourceFile> kSources = [] {
    std::vector<SourceFile> files;
    const fs::path root = SourceDir();
    for (const std::string_view layer : kLayers) {
      for (const auto& entry : fs::recursive_directory_iterator(root / layer)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".h" && extension != ".cc") continue;
        SourceFile file{fs::relative(entry.path(), root).string(), {}};
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) file.lines.push_back(line);
        files.push_back(std::move(file));
      }
    }
    return files;
  }();
  return kSources;
}

std::vector<std::string> IncludesOf(const SourceFile& file) {
  std::vector<std::string> targets;
  for (const std::string& line : file.lines) {
    if (!line.starts_with("#include ")) continue;
    const std::size_t open = line.find_first_of("\"<");
    const std::size_t close = line.find_first_of("\">", open + 1);
    if (open == line.npos || close == line.npos) continue;
    targets.push_back(line.substr(open + 1, close - open - 1));
  }
  return targets;
}

using Found = std::vector<std::string>;

// Files outside `allowed` that include a header whose name starts with `header`.
Found IncludersOf(std::string_view header, std::string_view allowed) {
  Found found;
  for (const SourceFile& file : Sources()) {
    if (file.path.starts_with(allowed)) continue;
    for (const std::string& target : IncludesOf(file)) {
      if (target.starts_with(header)) found.push_back(file.path + " includes " + target);
    }
  }
  return found;
}

bool MayInclude(const Room& room, const std::string& target_room) {
  if (room.name == target_room) return true;
  for (const std::string_view allowed : room.may_include) {
    if (allowed == target_room) return true;
    if (allowed == "*" && RankOf(LayerOf(target_room)) < RankOf(LayerOf(room.name))) return true;
  }
  // The schemas are plain records without JSON, which every layer may use.
  return target_room == "schemas";
}

// Functions over the limit, by the layout of clang-format: from a line at column 0 with parentheses
// and an opening brace to the closing brace at column 0.
Found LongFunctions(const SourceFile& file) {
  Found found;
  std::size_t begin = 0;
  bool inside = false;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    const bool at_margin = !line.empty() && line[0] != ' ' && line[0] != '#' && line[0] != '/';
    if (!inside && at_margin && line.ends_with("{") && line.find(')') != line.npos) {
      inside = true;
      begin = i;
    } else if (inside && line.starts_with("}")) {
      inside = false;
      if (i - begin + 1 > kMaxFunctionLines) found.push_back(file.path + ": " + file.lines[begin]);
    }
  }
  return found;
}

// Types with the same namespace and name in two headers: the linker would silently merge their
// functions.
Found TypesDefinedTwice() {
  std::map<std::string, std::set<std::string>> files;
  for (const SourceFile& file : Sources()) {
    if (!file.path.ends_with(".h")) continue;
    std::string space;
    for (const std::string& line : file.lines) {
      if (line.starts_with("namespace ")) space = line;
      for (const std::string_view word : {"struct ", "class ", "enum class "}) {
        if (!line.starts_with(word) || line.find('{') == line.npos) continue;
        const std::string rest = line.substr(word.size());
        files[space + rest.substr(0, rest.find_first_of(" {"))].insert(file.path);
      }
    }
  }
  Found twice;
  for (const auto& [name, where] : files) {
    if (where.size() > 1) twice.push_back(name + " in " + *where.begin() + ", " + *where.rbegin());
  }
  return twice;
}

TEST_CASE("a room includes only the rooms below it") {
  std::map<std::string, const Room*> rooms;
  for (const Room& room : Rooms()) rooms[std::string(room.name)] = &room;
  int seen = 0;
  for (const SourceFile& file : Sources()) {
    const auto room = rooms.find(RoomOf(file.path));
    {
      INFO(file.path << " is in no room of the list");
      REQUIRE(room != rooms.end());
    }
    for (const std::string& target : IncludesOf(file)) {
      if (RankOf(LayerOf(target)) < 0 || target.find('/') == target.npos) continue;
      ++seen;
      INFO(file.path << " includes " << target);
      CHECK(MayInclude(*room->second, RoomOf(target)));
    }
  }
  CHECK(seen > 500);
}

TEST_CASE("the list of rooms has no cycles and no missing rooms") {
  std::set<std::string_view> before;
  for (const Room& room : Rooms()) {
    CHECK(fs::is_directory(SourceDir() / room.name));
    for (const std::string_view allowed : room.may_include) {
      INFO(room.name << " may include " << allowed);
      CHECK((allowed == "*" || before.contains(allowed)));
    }
    before.insert(room.name);
  }
}

TEST_CASE("each folder has a README") {
  for (const Room& room : Rooms()) {
    const fs::path path = SourceDir() / room.name / "README.md";
    INFO(path);
    std::ifstream in(path);
    REQUIRE(in);
    int lines = 0;
    for (std::string line; std::getline(in, line);) ++lines;
    CHECK(lines >= 5);
    CHECK(lines <= 25);
  }
}

TEST_CASE("files are at most 500 lines") {
  Found found, needless;
  for (const SourceFile& file : Sources()) {
    const bool is_long = file.lines.size() > kMaxFileLines;
    const bool excepted = std::any_of(LongFiles().begin(), LongFiles().end(),
                                      [&](const Exception& e) { return e.name == file.path; });
    if (is_long && !excepted) found.push_back(file.path);
    if (!is_long && excepted) needless.push_back(file.path);
  }
  CHECK(found == Found());
  CHECK(needless == Found());
}

TEST_CASE("functions are at most 80 lines") {
  Found found;
  for (const SourceFile& file : Sources()) {
    for (std::string& name : LongFunctions(file)) found.push_back(std::move(name));
  }
  CHECK(found == Found());
}

TEST_CASE("a source includes its own header first") {
  std::set<std::string> paths;
  for (const SourceFile& file : Sources()) paths.insert(file.path);
  Found found;
  for (const SourceFile& file : Sources()) {
    if (!file.path.ends_with(".cc")) continue;
    const std::string own = file.path.substr(0, file.path.size() - 2) + "h";
    if (!paths.contains(own)) continue;
    const std::vector<std::string> targets = IncludesOf(file);
    if (targets.empty() || targets.front() != own) found.push_back(file.path);
  }
  CHECK(found == Found());
}

TEST_CASE("a type is defined in one header") { CHECK(TypesDefinedTwice() == Found()); }

TEST_CASE("the product does not include its tests") {
  CHECK(IncludersOf("tests/", "tests/") == Found());
}

TEST_CASE("heavy headers stay in one place") {
  Found sqlite = IncludersOf("sqlite3.h", "engine/store/sqlite/");
  std::erase_if(sqlite, [](const std::string& file) { return file.starts_with("engine/sql/"); });
  CHECK(sqlite == Found());
  CHECK(IncludersOf("engine/store/sqlite/", "engine/store/") == Found());
  CHECK(IncludersOf("simdjson.h", "engine/json/") == Found());
  CHECK(IncludersOf("curl/", "engine/sources/") == Found());
  CHECK(IncludersOf("protozero/", "engine/importers/") == Found());
  CHECK(IncludersOf("boost/beast", "server/http/tcp/") == Found());
  CHECK(IncludersOf("boost/asio", "server/http/tcp/") == Found());
  CHECK(IncludersOf("CLI/", "server/") == Found());
}

TEST_CASE("the engine does not use JSON documents") {
  for (const SourceFile& file : Sources()) {
    if (!file.path.starts_with("engine/")) continue;
    for (const std::string& target : IncludesOf(file)) {
      INFO(file.path << " includes " << target);
      CHECK_FALSE(target.starts_with("boost/json"));
      CHECK(target != "schemas/json.h");
    }
  }
}

}  // namespace
}  // namespace halo
