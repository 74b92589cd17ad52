// SPDX-License-Identifier: MIT
#include "server/register/program_path.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/unit/sources/temp_folder.h"

namespace halo {
namespace {

void Put(const std::string& path, mode_t mode) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << "#!/bin/sh\n";
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

}  // namespace

TEST_CASE("a client gets the absolute path of the program") {
  const TempFolder folder;
  const std::string plain = folder.Path("a/tool"), program = folder.Path("b/tool");
  Put(plain, 0644);
  Put(program, 0755);
  const std::string search = folder.Path("none") + ":" + folder.Path("a") + ":" + folder.Path("b/");
  CHECK(*ProgramPath("", "/opt/halo-mcp", "") == "/opt/halo-mcp");
  CHECK(*ProgramPath("tool", "/opt/halo-mcp", search) == program);
  CHECK(*ProgramPath("/x/../y/tool", "", search) == "/y/tool");
  CHECK(*ProgramPath("./tool", "", search) == (std::filesystem::current_path() / "tool").string());
  const auto missing = ProgramPath("tool", "/opt/halo-mcp", folder.Path("a"));
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message.find("no program tool on PATH") != std::string::npos);
  CHECK_FALSE(ProgramPath("tool", "", "").has_value());
}

TEST_CASE("a program that was replaced while running resolves to the new one") {
  const TempFolder folder;
  const std::string program = folder.Path("halo-mcp");
  CHECK_FALSE(ProgramPath("", program + " (deleted)", "").has_value());
  Put(program, 0755);
  CHECK(*ProgramPath("", program + " (deleted)", "") == program);
}

}  // namespace halo
