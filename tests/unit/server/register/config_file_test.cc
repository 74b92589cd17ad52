// SPDX-License-Identifier: MIT
#include "server/register/config_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace halo {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "halo-config-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::size_t Count() const {
    const fs::recursive_directory_iterator files(path_);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

 private:
  std::string path_;
};

void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string TextOf(const std::string& path) {
  return ReadConfigFile(path).value().value_or("(none)");
}

}  // namespace

TEST_CASE("a file is created with its folders") {
  const Folder folder;
  const std::string path = folder / "a/b/config";
  CHECK(TextOf(path) == "(none)");
  REQUIRE(ReplaceConfigFile(path, std::nullopt, "new").has_value());
  CHECK(TextOf(path) == "new");
  CHECK(folder.Count() == 3);
}

TEST_CASE("links and permissions are preserved") {
  const Folder folder;
  const std::string link = folder / "link";
  const std::string file = folder / "file";
  Write(file, "old");
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  fs::create_symlink("file", link);
  REQUIRE(ReplaceConfigFile(link, "old", "new").has_value());
  CHECK(fs::is_symlink(link));
  CHECK(TextOf(file) == "new");
  CHECK((fs::status(file).permissions() & fs::perms::mask) == fs::perms(0640));
  CHECK(folder.Count() == 2);
}

TEST_CASE("a file that changed meanwhile is not overwritten") {
  const Folder folder;
  const std::string path = folder / "config";
  Write(path, "theirs");
  CHECK_FALSE(ReplaceConfigFile(path, "old", "new").has_value());
  CHECK_FALSE(ReplaceConfigFile(path, std::nullopt, "new").has_value());
  CHECK(TextOf(path) == "theirs");
  CHECK(folder.Count() == 1);
}

TEST_CASE("anything but a regular file is refused") {
  const Folder folder;
  CHECK_FALSE(ReadConfigFile(folder / "").has_value());
  fs::create_symlink("loop", folder / "loop");
  CHECK_FALSE(ReplaceConfigFile(folder / "loop", std::nullopt, "new").has_value());
}

}  // namespace halo
