// SPDX-License-Identifier: MIT
// Consumes small patterns from the front of a text, for use in matchers. Copy it to backtrack.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/ascii.h"

namespace halo {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool Take(char c) {
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeAny(std::string_view chars) {
    if (rest_.empty() || chars.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeText(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  template <class Predicate>
  std::string_view TakeWhile(Predicate in_run, std::size_t most = std::string_view::npos) {
    std::size_t size = 0;
    while (size < rest_.size() && size < most && in_run(rest_[size])) ++size;
    const std::string_view run = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return run;
  }
  // Takes a run of digits; false unless its length is from `least` to `most`.
  bool TakeDigits(std::size_t least, std::size_t most) {
    return Between(TakeWhile(ascii::IsDigit).size(), least, most);
  }
  bool TakeHex(std::size_t count) { return TakeWhile(ascii::IsHex, count).size() == count; }
  // Takes a run of digits; false unless it is a number of one or two digits and at most `highest`.
  bool TakeSmall(int highest) {
    const std::string_view digits = TakeWhile(ascii::IsDigit);
    if (!Between(digits.size(), 1, 2)) return false;
    const int value =
        digits.size() == 1 ? digits[0] - '0' : (digits[0] - '0') * 10 + digits[1] - '0';
    return value <= highest;
  }

 private:
  static bool Between(std::size_t size, std::size_t least, std::size_t most) {
    return least <= size && size <= most;
  }

  std::string_view rest_;
};

}  // namespace halo
