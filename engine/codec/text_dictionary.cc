// SPDX-License-Identifier: MIT
#include "engine/codec/text_dictionary.h"

#include <algorithm>

namespace halo {

// Layout: the number of texts; their common size plus 1, or 0 and the size of each; the texts.
void DictionaryWriter::Finish(std::string& out) {
  PutVarint(out, used_.size());
  if (!used_.empty()) {
    const bool equal = std::all_of(sizes_.begin(), sizes_.end(),
                                   [&](std::uint64_t size) { return size == sizes_.front(); });
    PutVarint(out, equal ? sizes_.front() + 1 : 0);
    if (!equal) {
      for (const std::uint64_t size : sizes_) PutVarint(out, size);
    }
    out.append(texts_);
  }
  for (const StringId word : used_) numbers_[word] = 0;
  used_.clear();
  sizes_.clear();
  texts_.clear();
}

std::uint64_t DictionaryWriter::NumberOf(StringId word, const StringPool& words) {
  if (word == 0) return 0;
  if (numbers_.size() < words.size()) numbers_.resize(words.size(), 0);
  std::uint32_t& number = numbers_[word];
  if (number == 0) {
    used_.push_back(word);
    number = static_cast<std::uint32_t>(used_.size());
    sizes_.push_back(PutPacked(texts_, words[word]));
  }
  return number;
}

bool StoredDictionary::Read(ByteReader& in) {
  const std::uint64_t count = in.Varint();
  if (!in.ok() || count > in.left()) return false;
  if (count == 0) return true;
  words_.assign(count, 0);
  const std::uint64_t size = in.Varint();
  if (size > 0) {
    stored_size_ = PackedSize(size - 1);
    equal_texts_ = {{}, (size - 1) % 2 != 0};
    if (stored_size_ > in.left() / count) return false;
    equal_texts_.stored = in.Take(count * stored_size_);
    return in.ok();
  }
  std::vector<std::uint64_t> sizes(count);
  for (std::uint64_t& each : sizes) each = in.Varint();
  texts_.reserve(count);
  for (const std::uint64_t each : sizes) texts_.push_back(TakePacked(in, each));
  return in.ok();
}

bool StoredDictionary::Replace(std::span<std::uint64_t> numbers, StringPool& words) {
  for (std::uint64_t& number : numbers) {
    if (number == 0) continue;
    if (number > words_.size()) return false;
    StringId& word = words_[number - 1];
    if (word == 0) word = Intern(number - 1, words);
    number = word;
  }
  return true;
}

PackedText StoredDictionary::At(std::size_t index) const {
  if (!texts_.empty()) return texts_[index];
  return {equal_texts_.stored.substr(index * stored_size_, stored_size_), equal_texts_.packed};
}

StringId StoredDictionary::Intern(std::size_t index, StringPool& words) {
  const PackedText text = At(index);
  if (!text.packed) return words.Intern(text.stored);
  scratch_.resize(text.size());
  text.Unpack(scratch_.data());
  return words.Intern(scratch_);
}

}  // namespace halo
