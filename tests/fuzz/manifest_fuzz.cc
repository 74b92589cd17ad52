// SPDX-License-Identifier: MIT
// Reads any file of a repository as each kind of manifest. The names must be sorted, each once.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/setup/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string_view name : {"package.json", "pyproject.toml", "requirements.txt"}) {
    const std::vector<std::string> packages = halo::PackagesIn(name, text);
    const auto bad = std::adjacent_find(packages.begin(), packages.end(),
                                        [](const auto& a, const auto& b) { return a >= b; });
    if (bad != packages.end()) std::abort();
  }
  return 0;
}
