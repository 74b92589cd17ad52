// SPDX-License-Identifier: MIT
// Memory for texts that live until the next span.
#pragma once

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

namespace halo {

class Arena {
 public:
  char* Allocate(std::size_t size) {
    if (size > static_cast<std::size_t>(end_ - next_)) Grow(size);
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

  // Forgets all texts and keeps the first block.
  void Reset() {
    if (blocks_.empty()) return;
    blocks_.resize(1);
    next_ = blocks_.front().get();
    end_ = next_ + kBlockBytes;
  }

 private:
  static constexpr std::size_t kBlockBytes = 16 << 10;

  void Grow(std::size_t size) {
    const std::size_t bytes =
        blocks_.empty() && size <= kBlockBytes ? kBlockBytes : std::max(size, kBlockBytes);
    if (blocks_.empty() && bytes > kBlockBytes) {
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
    }
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    next_ = blocks_.back().get();
    end_ = next_ + bytes;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace halo
