// SPDX-License-Identifier: MIT
// Any bytes as a gzip, zstd or plain stream: it ends, and in pieces that are bounded.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/sources/byte_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = halo::OpenBytes("fuzz", {reinterpret_cast<const char*>(data), size});
  std::string_view piece;
  for (std::size_t total = 0; total < (64 << 20); total += piece.size()) {
    const auto read = source->Read(piece);
    if (piece.size() > 1 << 20) std::abort();
    if (!read || piece.empty()) break;
  }
  if (source->consumed() > size) std::abort();
  return 0;
}
