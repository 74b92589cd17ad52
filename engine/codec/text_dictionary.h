// SPDX-License-Identifier: MIT
// The words that a stored table refers to by number, from 1 on; 0 is the empty word. One object a
// thread.
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

// Numbers words in the order in which they are first asked for.
class DictionaryWriter {
 public:
  std::uint64_t NumberOf(StringId word, const StringPool& words);
  // The next words are those of another dictionary.
  void Finish(std::string& out);

 private:
  std::vector<std::uint32_t> numbers_;  // by word; 0: not in it
  std::vector<StringId> used_;
  std::vector<std::uint64_t> sizes_;  // as packed_text.h tells them
  std::string texts_;
};

// Finds words by their numbers. Views bytes that must outlive it.
class StoredDictionary {
 public:
  // False if it does not stand there.
  bool Read(ByteReader& in);
  // One of so many words in which each text has its size before it, as older programs wrote it.
  bool ReadTexts(ByteReader& in, std::size_t count);

  // Makes words of numbers, interning those that are asked for; false if a number is none of its.
  bool Replace(std::span<std::uint64_t> numbers, StringPool& words);

 private:
  PackedText At(std::size_t index) const;
  StringId Intern(std::size_t index, StringPool& words);

  std::vector<PackedText> texts_;  // empty where all are of one size
  PackedText equal_texts_;         // these, one after the other
  std::size_t stored_size_ = 0;    // of each of them
  std::vector<StringId> words_;    // 0: not asked for yet
  std::string scratch_;
};

}  // namespace halo
