// SPDX-License-Identifier: MIT
// Finds where one JSON object, array or string ends, in a stream of pieces. Looks at structure
// only: quotes, escapes and brackets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halo {

class ValueScanner {
 public:
  static constexpr std::size_t kMaxDepth = 1024;

  enum class State : std::uint8_t {
    kOpen,    // more bytes are needed
    kDone,    // the last byte taken closed the value
    kBroken,  // a bracket that does not match, or more than kMaxDepth of them
  };

  // Forgets everything; the next byte is the first of a value and one of `{`, `[` and `"`.
  void Reset() { *this = ValueScanner(); }
  // Takes bytes until the value ends or breaks; returns how many.
  std::size_t Scan(std::string_view bytes);

  State state() const { return state_; }
  bool in_string() const { return in_string_; }
  std::size_t depth() const { return depth_; }

 private:
  void Open(bool is_object);
  void Close(bool is_object);

  State state_ = State::kOpen;
  bool in_string_ = false;
  bool escaped_ = false;  // the last byte taken was a backslash that begins an escape
  std::size_t depth_ = 0;
  std::array<std::uint64_t, kMaxDepth / 64> is_object_{};
};

// Whether the text is one object or array, with nothing but white space around it.
bool IsCompleteJson(std::string_view text);

}  // namespace halo
