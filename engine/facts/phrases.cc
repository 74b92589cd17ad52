// SPDX-License-Identifier: MIT
#include "engine/facts/phrases.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kKeyBytes = sizeof(std::uint32_t);

std::uint32_t KeyAt(const char* bytes) {
  std::uint32_t key = 0;
  std::memcpy(&key, bytes, kKeyBytes);
  return key;
}

}  // namespace

std::string FoldedHead(std::string_view text, std::size_t bytes) {
  constexpr std::string_view kTypographic = "\xE2\x80\x99";
  std::string head = ascii::ToLower(text.substr(0, bytes));
  std::size_t at = 0;
  while ((at = head.find(kTypographic, at)) != head.npos)
    head.replace(at, kTypographic.size(), "'");
  return head;
}

bool HoldsPhrase(std::string_view folded, std::string_view phrase) {
  for (std::size_t at = folded.find(phrase); at != folded.npos; at = folded.find(phrase, at + 1)) {
    const std::size_t end = at + phrase.size();
    if ((at == 0 || !ascii::IsAlnum(folded[at - 1])) &&
        (end == folded.size() || !ascii::IsAlnum(folded[end]))) {
      return true;
    }
  }
  return false;
}

PhraseSet::PhraseSet(std::span<const std::string_view> phrases) {
  entries_.reserve(phrases.size());
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const std::uint32_t key = KeyAt(phrases[i].data());
    entries_.push_back({key, i, phrases[i]});
    may_be_first_.set(SlotOf(key));
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tuple(a.key, a.index) < std::tuple(b.key, b.index);
  });
}

std::size_t PhraseSet::FindFirst(std::string_view folded) const {
  std::size_t found = kNone;
  for (std::size_t at = 0; at + kKeyBytes <= folded.size(); ++at) {
    if (at > 0 && ascii::IsAlnum(folded[at - 1])) continue;
    const std::uint32_t key = KeyAt(folded.data() + at);
    if (!may_be_first_[SlotOf(key)]) continue;
    auto entry =
        std::lower_bound(entries_.begin(), entries_.end(), key,
                         [](const Entry& one, std::uint32_t wanted) { return one.key < wanted; });
    for (; entry != entries_.end() && entry->key == key && entry->index < found; ++entry) {
      const std::string_view rest = folded.substr(at);
      if (!rest.starts_with(entry->phrase)) continue;
      const std::size_t size = entry->phrase.size();
      if (rest.size() == size || !ascii::IsAlnum(rest[size])) found = entry->index;
    }
  }
  return found;
}

}  // namespace halo
