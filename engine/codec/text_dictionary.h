// SPDX-License-Identifier: MIT
// The strings that a stored table refers to by number, counted from 1; 0 is the empty string. One
// object per thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/codec/bytes.h"
#include "engine/codec/packed_text.h"
#include "engine/model/string_pool.h"

namespace halo {

// Numbers strings in the order of their first use.
class DictionaryWriter {
 public:
  std::uint64_t NumberOf(StringId word, const StringPool& words);
  // Appends the dictionary to `out` and starts the next one.
  void Finish(std::string& out);

 private:
  std::vector<std::uint32_t> numbers_;  // by word; 0: not in the dictionary
  std::vector<StringId> used_;
  std::vector<std::uint64_t> sizes_;  // in the encoding of packed_text.h
  std::string texts_;
};

// Looks up strings by their numbers. Views bytes that must outlive it.
class StoredDictionary {
 public:
  // Returns false if `in` holds no complete dictionary.
  bool Read(ByteReader& in);

  // Replaces numbers by ids of `words`, interning the strings that are used. Returns false if a
  // number is not in the dictionary.
  bool Replace(std::span<std::uint64_t> numbers, StringPool& words);

 private:
  PackedText At(std::size_t index) const;
  StringId Intern(std::size_t index, StringPool& words);

  std::vector<PackedText> texts_;  // empty if all strings have one size
  PackedText equal_texts_;         // those strings, concatenated
  std::size_t stored_size_ = 0;    // of each of them
  std::vector<StringId> words_;    // 0: not interned yet
  std::string scratch_;
};

}  // namespace halo
