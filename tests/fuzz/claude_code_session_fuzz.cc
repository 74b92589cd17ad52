// SPDX-License-Identifier: MIT
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  halo::ReadAnything("claude_code_session", {reinterpret_cast<const char*>(data), size});
  return 0;
}
