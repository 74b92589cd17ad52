// SPDX-License-Identifier: MIT
// Compressed blocks of stored bytes. A block is one zstd frame that records its size.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

// The size in bytes at which to close a block of spans: large enough to compress well, small enough
// that reading one span back is cheap.
inline constexpr std::size_t kBlockBytes = 512 << 10;

std::string CompressBlock(std::string_view bytes);

// CompressBlock with memory that is reused from block to block. One object per thread.
class BlockCompressor {
 public:
  BlockCompressor();
  ~BlockCompressor();
  std::string Compress(std::string_view bytes);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Result<std::string> DecompressBlock(std::string_view block);  // kCorrupt; at most 256 MB

}  // namespace halo
