// SPDX-License-Identifier: MIT
#include "server/commands/find_workspace.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

namespace halo {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class Repository {
 public:
  Repository() {
    std::string pattern = (fs::temp_directory_path() / "halo-repository.XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path_ = pattern;
    fs::create_directories(path_ / "src/agent");
  }
  ~Repository() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  void Write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  // Of a program started in that folder.
  Workspace At(const std::string& folder, const Config& given = {}) {
    trouble_.clear();
    return FindWorkspace((path_ / folder).lexically_normal().string(), given, trouble_);
  }
  const std::string& trouble() const { return trouble_; }

 private:
  fs::path path_;
  std::string trouble_;
};

}  // namespace

TEST_CASE("the nearest halo.toml at or above the folder binds") {
  Repository repository;
  CHECK_FALSE(repository.At("src").bound());
  repository.Write("halo.toml",
                   "projects = [\"shop\"]\nservices = [\"desk\"]\nunit = \"session\"\n");
  const Workspace workspace = repository.At("src/agent");
  CHECK(workspace.projects == Names{"shop"});
  CHECK(workspace.services == Names{"desk"});
  CHECK(workspace.folder.ends_with("src/agent"));
  CHECK(repository.At(".").bound());
  repository.Write("src/halo.toml", "services = [\"other\"]\n");
  CHECK(repository.At("src/agent").services == Names{"other"});
  CHECK(repository.At("src/agent").projects.empty());
}

TEST_CASE("the file of --config binds where the repository's file names nothing") {
  Repository repository;
  Config given;
  given.projects = {"given"};
  CHECK(repository.At(".", given).projects == Names{"given"});
  repository.Write("halo.toml", "unit = \"trace\"\n");
  CHECK(repository.At(".", given).projects == Names{"given"});
  repository.Write("halo.toml", "projects = [\"shop\"]\n");
  CHECK(repository.At(".", given).projects == Names{"shop"});
}

TEST_CASE("a halo.toml that cannot be read binds nothing, and says why") {
  Repository repository;
  for (const char* text : {"projects = \"shop\"\n", "projects = [1]\n", "projects = [\"\"]\n",
                           "projects = [\n", "project = [\"shop\"]\n"}) {
    CAPTURE(text);
    repository.Write("halo.toml", text);
    const Workspace workspace = repository.At("src");
    CHECK(workspace.unreadable);
    CHECK_FALSE(workspace.bound());
    CHECK(repository.trouble().find("halo.toml line ") != std::string::npos);
  }
}

TEST_CASE("an unknown folder is bound to what --config names") {
  std::string trouble;
  Config given;
  given.services = {"desk"};
  CHECK(FindWorkspace("", given, trouble).services == Names{"desk"});
  CHECK(trouble.empty());
}

}  // namespace halo
