// SPDX-License-Identifier: MIT
// The attribute keys of one span that no table reads: what an emitter of another dialect would have
// told. Left out are keys that hold nothing about agents (http.*, db.*, thread.*), and keys that
// are not names: with an id, with white space, or too long. Not thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/json/arena.h"

namespace halo {

class UnreadKeys {
 public:
  static constexpr std::size_t kMost = 12;  // of one span
  static constexpr char kSeparator = '\n';

  void Clear() { keys_.clear(); }
  // The key must outlive the next Clear. Keys beyond the first kMost are not kept.
  void Add(std::string_view key);
  // The keys in sorted order, each once and each index of a list as '#', separated by kSeparator.
  // Empty if there are none.
  std::string_view Join(Arena& arena);

 private:
  std::vector<std::string_view> keys_;
};

}  // namespace halo
