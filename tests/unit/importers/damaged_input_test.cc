// SPDX-License-Identifier: MIT
// Damaged inputs of every format: the invariants of the fuzzers hold for inputs that end anywhere
// and for inputs with some bytes changed.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/importers/choose_importer.h"
#include "tests/fuzz/reader_fuzz.h"
#include "tests/support/source_dir.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

struct Input {
  std::string name, importer, text;
};

std::vector<Input> GoldenInputs() {
  std::vector<Input> inputs;
  for (const auto& entry : fs::directory_iterator(SourceDir() / "tests/golden/importers")) {
    std::ifstream in(entry.path() / "input", std::ios::binary);
    Input input{entry.path().filename().string(), {}, {std::istreambuf_iterator<char>(in), {}}};
    const Result<const Importer*> importer = ChooseImporter(input.text, "input");
    if (!importer) continue;
    input.importer = (*importer)->name;
    inputs.push_back(std::move(input));
  }
  std::sort(inputs.begin(), inputs.end(),
            [](const Input& a, const Input& b) { return a.name < b.name; });
  return inputs;
}

TEST_CASE("an input that ends at any byte is read up to there") {
  for (const Input& input : GoldenInputs()) {
    INFO(input.name);
    for (std::size_t size = 0; size < input.text.size(); size += 1 + size / 512) {
      const std::string cut(input.text, 0, size);
      ReadAnything(input.importer, cut);
    }
  }
  SUCCEED("no invariant was broken");
}

TEST_CASE("an input with changed bytes breaks no invariant") {
  constexpr std::string_view kBytes = "{}[]\",:\\0x-ntf\xC3\xFF\n ";
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return random() % n; };
  for (const Input& input : GoldenInputs()) {
    INFO(input.name);
    for (int round = 0; round < 150; ++round) {
      std::string text = input.text;
      for (std::size_t change = below(4) + 1; change > 0; --change) {
        const std::size_t at = below(text.size());
        if (below(3) == 0) {
          text.erase(at, below(40));
        } else {
          text[at] = kBytes[below(kBytes.size())];
        }
        if (text.empty()) text = "{";
      }
      ReadAnything(input.importer, text);
    }
  }
  SUCCEED("no invariant was broken");
}

}  // namespace
}  // namespace halo
