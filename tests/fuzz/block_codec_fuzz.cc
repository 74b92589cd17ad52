// SPDX-License-Identifier: MIT
// Reads any bytes as a stored block: they are refused or decompressed. Stores any bytes, alone and
// repeated over several zstd blocks: they are the same when read back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/codec/block_codec.h"

namespace {

void Store(halo::BlockCompressor& compressor, const std::string& bytes) {
  const auto back = halo::DecompressBlock(compressor.Compress(bytes));
  if (!back || *back != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)halo::DecompressBlock(bytes);
  halo::BlockCompressor compressor;
  Store(compressor, bytes);
  if (bytes.empty()) return 0;
  // Each repetition starts one byte later, so that the repeats have several lengths.
  std::string repeated;
  for (std::size_t i = 0; repeated.size() < 150'000; ++i) {
    repeated.append(bytes, i % bytes.size(), std::string::npos);
  }
  Store(compressor, repeated);
  return 0;
}
