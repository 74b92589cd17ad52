// SPDX-License-Identifier: MIT
// Reads any bytes as a gzip, zstd or plain stream: it ends, and each piece fits into its buffer.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/sources/byte_source.h"
#include "engine/sources/file_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = halo::OpenBytes("fuzz", {reinterpret_cast<const char*>(data), size});
  std::vector<char> room(1 + (size == 0 ? 0 : data[size - 1]) * 997);
  std::size_t got = 0;
  for (std::size_t total = 0; total < (64 << 20); total += got) {
    const auto read = source->Read(std::span(room), got);
    if (got > room.size()) std::abort();
    if (!read || got == 0) break;
  }
  if (source->consumed() > size) std::abort();
  return 0;
}
