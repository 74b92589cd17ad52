// SPDX-License-Identifier: MIT
#include "engine/json/json_shape.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "engine/json/json_space.h"

namespace halo {
namespace {

constexpr std::size_t kMaxDepth = 1000;

// Whether one of eight bytes is a quote or a backslash. Source: S. Anderson, "Bit Twiddling Hacks",
// "Determine if a word has a zero byte".
bool HoldsQuoteOrBackslash(const char* at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof(bytes));
  const std::uint64_t quote = bytes ^ (kOnes * '"'), backslash = bytes ^ (kOnes * '\\');
  return ((((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash)) & (kOnes << 7)) != 0;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  JsonShape Scan() {
    if (!SkipSpace()) return JsonShape::kOther;
    if (*at_ == '"') return ScanString();
    if (!IsOpening(*at_)) return JsonShape::kOther;
    bool wants_value = true;
    for (;;) {
      if (!SkipSpace()) return Stopped(true);
      if (wants_value) {
        if (IsOpening(*at_)) {
          if (depth_ == kMaxDepth) return JsonShape::kOther;
          in_object_[depth_++] = *at_++ == '{';
          if (!SkipSpace()) return Stopped(true);
          if (*at_ != Closing()) {
            if (in_object_[depth_ - 1] && !SkipKey()) return Stopped(cut_);
            continue;
          }
          // An empty array or object; the next iteration closes it.
        } else if (!SkipScalar()) {
          return Stopped(cut_);
        }
        wants_value = false;
        continue;
      }
      if (*at_ == Closing()) {
        ++at_;
        if (--depth_ == 0) return JsonShape::kWhole;
        continue;
      }
      if (*at_ != ',') return Stopped(false);
      ++at_;
      if (in_object_[depth_ - 1] && !SkipKey()) return Stopped(cut_);
      wants_value = true;
    }
  }

 private:
  static bool IsOpening(char c) { return c == '{' || c == '['; }
  char Closing() const { return in_object_[depth_ - 1] ? '}' : ']'; }

  // Any text may begin with a quotation mark, so only a string that contains JSON counts as cut.
  JsonShape ScanString() {
    const bool holds_json = end_ - at_ > 1 && IsOpening(at_[1]);
    if (SkipString()) return JsonShape::kWhole;
    return holds_json ? JsonShape::kCut : JsonShape::kOther;
  }

  // False at the end of the text.
  bool SkipSpace() {
    while (at_ != end_ && IsJsonSpace(*at_)) ++at_;
    return at_ != end_;
  }

  // Starts at the opening quote. False if the string is not closed.
  bool SkipString() {
    for (++at_;;) {
      while (end_ - at_ >= 8 && !HoldsQuoteOrBackslash(at_)) at_ += 8;
      while (at_ != end_ && *at_ != '"' && *at_ != '\\') ++at_;
      if (at_ == end_) return false;
      if (*at_ == '"') return ++at_, true;
      if (end_ - at_ < 2) return at_ = end_, false;
      at_ += 2;
    }
  }

  // Skips a key and its colon. False if they are missing; cut_ is whether the text ended there.
  bool SkipKey() {
    cut_ = true;
    if (!SkipSpace()) return false;
    if (*at_ != '"') return cut_ = false;
    if (!SkipString() || !SkipSpace()) return false;
    if (*at_ != ':') return cut_ = false;
    ++at_;
    return true;
  }

  bool SkipScalar() {
    cut_ = true;
    if (*at_ == '"') return SkipString();
    const char* const begin = at_;
    while (at_ != end_ && IsOfWord(*at_)) ++at_;
    cut_ = at_ == end_;
    return at_ != begin && !cut_;
  }

  static bool IsOfWord(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '+' || c == '.';
  }

  // The shape of a text that violates the grammar here. A mark such as "[truncated" counts as the
  // end of the text.
  JsonShape Stopped(bool at_end) const {
    if (at_end) return JsonShape::kCut;
    const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
    for (const std::string_view mark :
         {"...", "\xE2\x80\xA6", "[truncated", "<truncated", "(truncated", "[TRUNCATED", "[cut"}) {
      if (rest.starts_with(mark)) return JsonShape::kCut;
    }
    return JsonShape::kOther;
  }

  const char* at_;
  const char* const end_;
  std::size_t depth_ = 0;
  bool cut_ = false;
  std::array<bool, kMaxDepth> in_object_;
};

}  // namespace

JsonShape ShapeOf(std::string_view text) { return Scanner(text).Scan(); }

}  // namespace halo
