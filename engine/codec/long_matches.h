// SPDX-License-Identifier: MIT
// Finds where long texts repeat themselves, for zstd to encode. zstd's own fastest search takes up
// to half of an import of long texts: a branch that is guessed wrong for each repeated word. This
// one looks for 16 equal bytes at about every eighth byte, so words stay literals, which zstd packs
// by their frequency, and a fifth of the sequences is left.
#pragma once

#define ZSTD_STATIC_LINKING_ONLY  // ZSTD_Sequence
#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace halo {

// One object a thread; memory is kept.
class LongMatches {
 public:
  // Base-2 logarithm of the largest offset.
  static constexpr int kWindowLog = 20;

  // Sequences for ZSTD_compressSequences with explicit block delimiters. Valid until the next call.
  std::span<const ZSTD_Sequence> Find(std::string_view bytes);

 private:
  void FindInWindow(std::string_view window);
  // zstd's blocks are cut independently of each other, but refer to what stands before them.
  void FindInBlock(const char* window, const char* begin, const char* end);

  // By hash, where its bytes stood last in the window, below some more bits of the hash.
  std::vector<std::uint32_t> places_;
  std::vector<ZSTD_Sequence> sequences_;
};

}  // namespace halo
