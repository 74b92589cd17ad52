// SPDX-License-Identifier: MIT
// Every folder of tests/golden/importers contains an input and the spans expected from it. To
// accept the current result, run with HALO_UPDATE_GOLDEN=1 and review the diff.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/support/source_dir.h"
#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("golden inputs give the spans and rejects written beside them") {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(SourceDir() / "tests/golden/importers")) {
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  REQUIRE(!cases.empty());
  for (const fs::path& folder : cases) {
    INFO(folder.filename().string());
    const std::string read = ReadInput(ReadFile(folder / "input"));
    if (std::getenv("HALO_UPDATE_GOLDEN")) std::ofstream(folder / "expected") << read;
    CHECK(read == ReadFile(folder / "expected"));
  }
}

}  // namespace
}  // namespace halo
