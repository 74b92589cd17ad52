// SPDX-License-Identifier: MIT
#include "engine/sources/rooted_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/sources/temp_folder.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

std::string ContentOf(const RootedFiles& files, std::size_t index) {
  const Result<int> descriptor = files.OpenFile(index);
  REQUIRE(descriptor.has_value());
  char buffer[64];
  const ssize_t got = ::read(*descriptor, buffer, sizeof buffer);
  ::close(*descriptor);
  return {buffer, static_cast<std::size_t>(got)};
}

TEST_CASE("files and folders are opened beneath their root") {
  TempFolder folder;
  folder.Write("root/a.json", "A");
  folder.Write("root/sub/b.json", "B");
  folder.Write("root/.hidden/c.json", "C");
  folder.Write("root/sub/.d", "D");
  const std::vector<std::string> roots = {folder.Path("root")};
  for (const std::string& path : {std::string("."), folder.Path("root"), std::string("sub/..")}) {
    INFO(path);
    const Result<RootedFiles> files = RootedFiles::Open(roots, path);
    REQUIRE(files.has_value());
    REQUIRE(files->names().size() == 2);
    CHECK(ContentOf(*files, 0) == "A");
    CHECK(ContentOf(*files, 1) == "B");
    CHECK_FALSE(files->is_file());
  }
  const Result<RootedFiles> file = RootedFiles::Open(roots, "sub/b.json");
  REQUIRE(file.has_value());
  CHECK(file->is_file());
  CHECK(file->SizeOf(0) == 1);
  CHECK(RootedFiles::Open(roots, folder.Path("root/sub/b.json")).has_value());
}

TEST_CASE("nothing outside of the roots is opened") {
  TempFolder folder;
  folder.Write("root/in.json", "I");
  folder.Write("root2/near.json", "N");
  folder.Write("secret.json", "S");
  fs::create_symlink(folder.Path("secret.json"), folder.Path("root/absolute"));
  fs::create_symlink("../secret.json", folder.Path("root/relative"));
  fs::create_symlink("..", folder.Path("root/up"));
  fs::create_symlink("in.json", folder.Path("root/inside"));
  fs::create_symlink(".", folder.Path("root/loop"));
  REQUIRE(::mkfifo(folder.Path("root/fifo").c_str(), 0600) == 0);
  const std::vector<std::string> roots = {folder.Path("root")};
  for (const std::string& path :
       {std::string("../secret.json"), folder.Path("secret.json"), folder.Path("root2/near.json"),
        folder.Path("root/../secret.json"), std::string("absolute"), std::string("relative"),
        std::string("up/secret.json"), std::string("/etc/passwd"), std::string("fifo"),
        std::string("/proc/self/environ"), std::string("absent"), std::string(),
        std::string("https://example.com/traces.json"), std::string("in.json/x"),
        std::string("a\0b", 3)}) {
    INFO(path);
    const Result<RootedFiles> files = RootedFiles::Open(roots, path);
    REQUIRE_FALSE(files.has_value());
    CHECK(files.error().message.find("secret.json") == std::string::npos);
  }
  CHECK(RootedFiles::Open(roots, "/etc/passwd").error().message.find(folder.Path("root")) !=
        std::string::npos);
  CHECK(RootedFiles::Open({}, "in.json").error().message.find("No folder") != std::string::npos);

  const Result<RootedFiles> all = RootedFiles::Open(roots, ".");
  REQUIRE(all.has_value());
  // The file itself, and the link to it; a loop ends.
  CHECK(all->names().size() == 2);
  CHECK(all->skipped() == 4);
}

TEST_CASE("a file that is replaced by a link after it was listed is not followed out") {
  TempFolder folder;
  folder.Write("root/a.json", "A");
  folder.Write("secret.json", "S");
  const Result<RootedFiles> files = RootedFiles::Open({folder.Path("root")}, ".");
  REQUIRE(files.has_value());
  fs::remove(folder.Path("root/a.json"));
  fs::create_symlink(folder.Path("secret.json"), folder.Path("root/a.json"));
  CHECK_FALSE(files->OpenFile(0).has_value());
}

TEST_CASE("a root that is a file opens itself only") {
  TempFolder folder;
  folder.Write("root/a.json", "A");
  folder.Write("root/b.json", "B");
  const std::vector<std::string> roots = {folder.Path("root/a.json")};
  CHECK(RootedFiles::Open(roots, folder.Path("root/a.json")).has_value());
  CHECK(RootedFiles::Open(roots, "a.json").has_value());
  CHECK_FALSE(RootedFiles::Open(roots, "b.json").has_value());
  CHECK_FALSE(RootedFiles::Open(roots, folder.Path("root/b.json")).has_value());
}

}  // namespace
}  // namespace halo
