// SPDX-License-Identifier: MIT
#include "engine/semconv/key_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

#include "engine/base/hash.h"
#include "engine/base/same_text.h"

namespace halo {
namespace {

// Hashes the length and the first and last eight bytes, which distinguish the known keys.
std::uint64_t HashKey(std::string_view key) {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  if (key.size() >= 8) {
    std::memcpy(&head, key.data(), 8);
    std::memcpy(&tail, key.data() + key.size() - 8, 8);
  } else {
    std::memcpy(&head, key.data(), key.size());
  }
  return MixHash(head ^ std::rotl(tail, 29), key.size());
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

KeyTable::KeyTable(std::span<const Convention* const> conventions) {
  // A kind given by a value outranks any kind inferred from the presence of a key.
  constexpr std::uint16_t kAfterValues = 20'000;
  std::map<std::string_view, std::vector<KeyUse>> by_key;
  std::uint16_t rank = 0;
  const auto add = [&](std::string_view key, std::size_t convention) -> KeyUse& {
    KeyUse& use = by_key[key].emplace_back();
    use.rank = ++rank;
    use.convention = static_cast<std::uint8_t>(convention);
    return use;
  };
  for (std::size_t c = 0; c < conventions.size(); ++c) {
    for (const KeyRule& rule : conventions[c]->keys) {
      KeyUse& use = add(rule.key, c);
      use.field = rule.field;
      use.scale = rule.scale;
      use.text_only = rule.text_only;
    }
    for (const FlatRule& rule : conventions[c]->flat) {
      KeyUse& use = add(rule.pattern, c);
      use.what = KeyUse::What::kFlatPart;
      use.list = rule.list;
      use.part = rule.part;
    }
    for (const PresenceRule& rule : conventions[c]->presences) {
      KeyUse& use = add(rule.key, c);
      use.what = KeyUse::What::kPresence;
      use.kind = rule.kind;
      use.rank = static_cast<std::uint16_t>(use.rank + kAfterValues);
    }
    for (const PrefixRule& rule : conventions[c]->prefixes) {
      begins_prefix_[static_cast<unsigned char>(rule.prefix.front())] = true;
      prefixes_.push_back({rule, static_cast<std::uint16_t>(prefixes_.size())});
    }
  }
  entries_.resize(std::bit_ceil(by_key.size() * 4));
  for (const auto& [key, uses] : by_key) {
    std::size_t at = HashKey(key) & (entries_.size() - 1);
    while (!entries_[at].key.empty()) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = {key, static_cast<std::uint16_t>(uses_.size()),
                    static_cast<std::uint16_t>(uses.size())};
    uses_.insert(uses_.end(), uses.begin(), uses.end());
  }
}

std::span<const KeyUse> KeyTable::Find(std::string_view key) const {
  if (key.empty()) return {};
  for (std::size_t at = HashKey(key) & (entries_.size() - 1);;
       at = (at + 1) & (entries_.size() - 1)) {
    const Entry& entry = entries_[at];
    if (entry.key.empty()) return {};
    if (SameText(entry.key, key)) return {uses_.data() + entry.first, entry.count};
  }
}

FlatKey::FlatKey(std::string_view key) {
  if (key.size() > sizeof(buffer_)) return;
  std::size_t indexes = 0;
  std::size_t copied = 0;  // bytes of `key`
  std::size_t size = 0;
  for (const char* dot = key.data();;) {
    const char* const end = key.data() + key.size();
    dot = static_cast<const char*>(std::memchr(dot, '.', static_cast<std::size_t>(end - dot)));
    if (dot == nullptr || ++dot == end) break;
    const char* digits = dot;
    std::uint64_t index = 0;
    while (digits < end && IsDigit(*digits) && digits - dot < 10) {
      index = index * 10 + static_cast<std::uint64_t>(*digits++ - '0');
    }
    if (digits == dot || (digits < end && *digits != '.')) continue;
    if (indexes == 2 || index > kMaxFlatIndex) return;
    index_[indexes++] = static_cast<std::uint32_t>(index);
    const std::size_t until = static_cast<std::size_t>(dot - key.data());
    std::memcpy(buffer_ + size, key.data() + copied, until - copied);
    size += until - copied;
    buffer_[size++] = '#';
    copied = static_cast<std::size_t>(digits - key.data());
    if (digits == end) break;
    dot = digits;
  }
  if (indexes == 0) return;
  std::memcpy(buffer_ + size, key.data() + copied, key.size() - copied);
  size_ = size + key.size() - copied;
}

}  // namespace halo
