// SPDX-License-Identifier: MIT
// Interned strings: equal strings have equal ids, so the analysis compares integers. The pool also
// owns the messages that facts refer to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/same_text.h"
#include "engine/model/message_pool.h"

namespace halo {

// Not thread-safe while strings are added. Views are valid for the lifetime of the pool.
class StringPool {
 public:
  StringPool();
  StringPool(const StringPool&) = delete;
  StringPool& operator=(const StringPool&) = delete;
  StringPool(StringPool&&) = default;
  StringPool& operator=(StringPool&&) = default;

  StringId Intern(std::string_view text);
  // The same, faster if `guess` is the id of the text; `guess` may be any number.
  StringId Intern(std::string_view text, StringId guess) {
    return guess < texts_.size() && SameText(texts_[guess], text) ? guess : Intern(text);
  }
  std::optional<StringId> Find(std::string_view text) const;

  std::string_view operator[](StringId id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

  // The messages that facts refer to; they hold ids of this pool.
  MessagePool& messages() { return messages_; }
  const MessagePool& messages() const { return messages_; }

 private:
  // The slot of the text, or the free slot where it would be inserted.
  std::size_t SlotOf(std::string_view text, std::uint32_t hash) const;
  void Grow();
  std::string_view Keep(std::string_view text);

  std::vector<std::string_view> texts_;
  std::vector<std::uint32_t> hashes_;  // by id
  std::vector<StringId> slots_;        // open addressing, linear; 0: free
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t free_ = 0;  // bytes left before block_end_, the end of the last block
  char* block_end_ = nullptr;
  MessagePool messages_;
};

}  // namespace halo
