// SPDX-License-Identifier: MIT
// Blocks of stored bytes, compressed: zstd frames that tell their size.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

// What a block holds most of.
enum class BlockContent : std::uint8_t {
  kSmallValues,  // keys, ids, numbers, short texts
  kLongTexts,    // a third faster, for a tenth to two fifths more space
};

std::string CompressBlock(std::string_view bytes);

// CompressBlock with memory that is kept from block to block. One object a thread.
class BlockCompressor {
 public:
  BlockCompressor();
  ~BlockCompressor();
  std::string Compress(std::string_view bytes, BlockContent content = BlockContent::kSmallValues);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Result<std::string> DecompressBlock(std::string_view block);  // kCorrupt; at most 256 MB

}  // namespace halo
