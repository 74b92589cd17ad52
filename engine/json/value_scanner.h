// SPDX-License-Identifier: MIT
// Finds the end of one JSON object, array or string that arrives in pieces. Looks only at quotes,
// escapes and brackets. Not thread-safe.
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
    kBroken,  // a bracket that does not match, or nested deeper than kMaxDepth
  };

  // Starts over. The next byte must be the first of a value: `{`, `[` or `"`.
  void Reset() { *this = ValueScanner(); }
  // Takes bytes until the value ends or breaks. Returns their number.
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
