// SPDX-License-Identifier: MIT
#include "engine/sources/list_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/sources/byte_source.h"
#include "engine/sources/file_source.h"
#include "tests/unit/sources/temp_folder.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

std::string List(const std::vector<std::string>& paths) {
  const auto files = ListFiles(paths);
  if (!files) return files.error().message;
  std::string text;
  for (const std::string& file : *files) text += fs::path(file).filename().string() + ' ';
  return text;
}

TEST_CASE("files under folders are sorted and unique, without hidden ones") {
  const TempFolder folder;
  folder.Write("d/b.jsonl", "");
  folder.Write("d/a.jsonl", "");
  folder.Write("d/deeper/c.jsonl", "");
  folder.Write("d/.hidden", "");
  folder.Write("d/.git/x", "");
  folder.Write("single", "");
  REQUIRE(mkfifo(folder.Path("d/fifo").c_str(), 0600) == 0);
  CHECK(List({folder.Path("d"), folder.Path("d/a.jsonl"), folder.Path("single")}) ==
        "a.jsonl b.jsonl c.jsonl single ");
  CHECK(List({folder.Path("d/.hidden")}) == ".hidden ");
}

TEST_CASE("cycles of symbolic links end") {
  const TempFolder folder;
  folder.Write("d/a", "");
  fs::create_directory_symlink(folder.Path("d"), folder.Path("d/loop"));
  fs::create_symlink(folder.Path("d/a"), folder.Path("d/same"));
  fs::create_symlink(folder.Path("nowhere"), folder.Path("d/dangling"));
  CHECK(List({folder.Path("d")}) == "a ");
}

TEST_CASE("a folder that cannot be listed is reported") {
  const TempFolder folder;
  folder.Write("d/a", "");
  folder.Write("d/locked/b", "");
  if (geteuid() == 0) {
    WARN("skipped: root may list every folder");
    return;
  }
  fs::permissions(folder.Path("d/locked"), fs::perms::none);
  CHECK(List({folder.Path("d")}) == "a locked ");
  const auto opened = OpenFile(folder.Path("d/locked"), {});
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().message == folder.Path("d/locked") + ": Permission denied");
  fs::permissions(folder.Path("d/locked"), fs::perms::owner_all);
}

TEST_CASE("the error for a missing path suggests the nearest name") {
  const TempFolder folder;
  folder.Write("traces.jsonl", "");
  CHECK(List({folder.Path("trace.jsonl")}) == folder.Path("trace.jsonl") +
                                                  ": no such file or folder; did you mean " +
                                                  folder.Path("traces.jsonl") + "?");
  REQUIRE(mkfifo(folder.Path("fifo").c_str(), 0600) == 0);
  CHECK(List({folder.Path("fifo")}) ==
        folder.Path("fifo") +
            ": not a regular file or folder; pipe a stream into `halo-mcp ingest -`");
}

}  // namespace
}  // namespace halo
