// SPDX-License-Identifier: MIT
// Memory for texts that are all released at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

namespace halo {

// Not thread-safe. Texts stay valid until Reset, even when the arena grows.
class Arena {
 public:
  // At least `size` bytes, not initialised.
  char* Allocate(std::size_t size) {
    if (size > static_cast<std::size_t>(end_ - next_)) UseNextBlock(size);
    char* const begin = next_;
    next_ += size;
    return begin;
  }

  std::string_view Join(std::initializer_list<std::string_view> parts) {
    std::size_t size = 0;
    for (const std::string_view part : parts) size += part.size();
    char* const begin = Allocate(size);
    char* to = begin;
    for (const std::string_view part : parts) to = std::copy(part.begin(), part.end(), to);
    return {begin, size};
  }

  std::string_view Copy(std::string_view text) { return Join({text}); }

  // Forgets all texts. Keeps the first megabyte of blocks.
  void Reset() {
    std::size_t kept = 0, bytes = 0;
    while (kept < blocks_.size() && bytes + blocks_[kept].size <= kKeptBytes) {
      bytes += blocks_[kept++].size;
    }
    blocks_.resize(kept);
    used_blocks_ = 0;
    next_ = end_ = nullptr;
  }

 private:
  static constexpr std::size_t kBlockBytes = 64 << 10;
  static constexpr std::size_t kKeptBytes = 1 << 20;

  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  void UseNextBlock(std::size_t size) {
    while (used_blocks_ < blocks_.size() && blocks_[used_blocks_].size < size) ++used_blocks_;
    if (used_blocks_ == blocks_.size()) {
      const std::size_t bytes = std::max(size, kBlockBytes);
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(bytes), bytes});
    }
    next_ = blocks_[used_blocks_].bytes.get();
    end_ = next_ + blocks_[used_blocks_].size;
    ++used_blocks_;
  }

  std::vector<Block> blocks_;
  std::size_t used_blocks_ = 0;  // the last of these is being filled; all after it are free
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace halo
