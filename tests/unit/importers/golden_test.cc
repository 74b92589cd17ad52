// SPDX-License-Identifier: MIT
// Every folder of tests/golden/importers holds an input and the spans that must come out of it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

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
  for (const auto& entry : fs::directory_iterator(HALO_SOURCE_DIR "/tests/golden/importers")) {
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  REQUIRE(!cases.empty());
  for (const fs::path& folder : cases) {
    INFO(folder.filename().string());
    CHECK(ReadInput(ReadFile(folder / "input")) == ReadFile(folder / "expected"));
  }
}

}  // namespace
}  // namespace halo
