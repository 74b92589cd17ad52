// SPDX-License-Identifier: MIT
#include "engine/json/value_scanner.h"

#include "engine/base/find_bytes.h"
#include "engine/json/json_space.h"

namespace halo {
namespace {

constexpr std::array<bool, 256> kStructural = [] {
  std::array<bool, 256> table{};
  for (const char c : {'"', '{', '}', '[', ']'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

}  // namespace

void ValueScanner::Open(bool is_object) {
  if (depth_ == kMaxDepth) {
    state_ = State::kBroken;
    return;
  }
  const std::uint64_t bit = std::uint64_t{1} << (depth_ % 64);
  std::uint64_t& word = is_object_[depth_ / 64];
  word = is_object ? word | bit : word & ~bit;
  ++depth_;
}

void ValueScanner::Close(bool is_object) {
  if (depth_ == 0) {
    state_ = State::kBroken;
    return;
  }
  --depth_;
  const bool opened_object = (is_object_[depth_ / 64] >> (depth_ % 64) & 1) != 0;
  if (opened_object != is_object) {
    state_ = State::kBroken;
  } else if (depth_ == 0) {
    state_ = State::kDone;
  }
}

std::size_t ValueScanner::Scan(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size() && state_ == State::kOpen) {
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
        ++i;
        continue;
      }
      i = FindQuoteOrBackslash(bytes, i);
      if (i == bytes.size()) break;
      if (bytes[i++] == '\\') {
        escaped_ = true;
      } else {
        in_string_ = false;
        if (depth_ == 0) state_ = State::kDone;
      }
      continue;
    }
    while (i < bytes.size() && !kStructural[static_cast<unsigned char>(bytes[i])]) ++i;
    if (i == bytes.size()) break;
    switch (bytes[i++]) {
      case '"':
        in_string_ = true;
        break;
      case '{':
        Open(true);
        break;
      case '[':
        Open(false);
        break;
      case '}':
        Close(true);
        break;
      default:
        Close(false);
    }
  }
  return i;
}

bool IsCompleteJson(std::string_view text) {
  text = TrimJsonSpace(text);
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return false;
  ValueScanner scanner;
  return scanner.Scan(text) == text.size() && scanner.state() == ValueScanner::State::kDone;
}

}  // namespace halo
