// SPDX-License-Identifier: MIT
#include "tests/fuzz/reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  halo::ReadAnything("chat_transcript", {reinterpret_cast<const char*>(data), size});
  halo::ReadAnything("chat_lines", {reinterpret_cast<const char*>(data), size});
  return 0;
}
