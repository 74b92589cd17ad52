// SPDX-License-Identifier: MIT
#include "engine/facts/text_values.h"

#include <algorithm>
#include <bit>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/base/simd.h"

namespace halo {
namespace {

constexpr std::size_t kLeastId = 4, kMostId = 80;
constexpr std::size_t kMostWhole = 400;

bool IsIdChar(char c) { return ascii::IsAlnum(c) || c == '-' || c == '_'; }

bool EndsUrl(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' ||
         c == '\\' || c == '`' || c == '|' || c == '{' || c == '}';
}

std::uint32_t FoldedHash(std::string_view text) {
  std::uint32_t hash = 0x811c9dc5;  // FNV-1a, 32 bits
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(ascii::Lower(c))) * 0x1000193;
  return hash ^ hash >> 15;
}

// "10ms", "3rd", "1024x768", "v2": a number with letters around it that name no thing.
bool IsMeasure(std::string_view id) {
  std::size_t digits = 0;
  while (digits < id.size() && ascii::IsDigit(id[digits])) ++digits;
  if (digits == 0) return false;
  const std::string_view rest = id.substr(digits);
  if (rest.size() <= 3 && std::all_of(rest.begin(), rest.end(), ascii::IsAlpha)) return true;
  return rest.size() > 1 && ascii::Lower(rest[0]) == 'x' &&
         std::all_of(rest.begin() + 1, rest.end(), ascii::IsDigit);
}

// "2024-05-01T10", "2024-Q1", "2024-may".
bool IsDate(std::string_view id) {
  if (id.size() < 6 || !std::all_of(id.begin(), id.begin() + 4, ascii::IsDigit)) return false;
  if (id[4] != '-' && id[4] != '_') return false;
  if (id.size() > 25) return false;
  const std::string_view rest = id.substr(5);
  if (rest.size() <= 3 || (rest.size() == 6 && rest[3] == '-')) return !ascii::IsDigit(rest[0]);
  return rest.size() >= 5 && ascii::IsDigit(rest[0]) && ascii::IsDigit(rest[1]) && rest[2] == '-';
}

bool IsId(std::string_view id) {
  if (id.size() < kLeastId || id.size() > kMostId) return false;
  if (!std::any_of(id.begin(), id.end(), ascii::IsAlpha)) return false;
  return !IsMeasure(id) && !IsDate(id);
}

class ValueFinder {
 public:
  ValueFinder(std::string_view text, std::vector<std::uint32_t>& out)
      : text_(text), begin_(out.size()), out_(out) {}

  // Every value holds a digit or a colon.
  bool Find() {
    std::size_t i = 0;
    while (i < text_.size()) {
      i = NextMark(i);
      if (i >= text_.size()) break;
      i = text_[i] == ':' ? AfterUrl(i) : AfterId(i);
    }
    return !dropped_;
  }

 private:
  // SSE2 saves 0.3 core-seconds per GB.
  std::size_t NextMark(std::size_t i) const {
    for (; i + Bytes16::kSize <= text_.size(); i += Bytes16::kSize) {
      const Bytes16::Mask mask = Bytes16(text_.data() + i).InRange('0', ':');
      if (mask != 0) return i + static_cast<std::size_t>(std::countr_zero(mask));
    }
    while (i < text_.size() && (text_[i] < '0' || text_[i] > ':')) ++i;
    return i;
  }

  std::size_t AfterUrl(std::size_t colon) {
    if (text_.substr(colon + 1, 2) != "//" || colon == done_) return colon + 1;
    std::size_t end = colon + 3;
    while (end < text_.size() && !EndsUrl(text_[end])) ++end;
    std::string_view url = text_.substr(colon + 3, end - colon - 3);
    while (!url.empty() && std::string_view(".,;:!?)]*/").find(url.back()) != url.npos) {
      url.remove_suffix(1);
    }
    if (url.starts_with("www.")) url.remove_prefix(4);
    if (url.find('.') != url.npos || url.find(':') != url.npos) Keep(FoldedHash(url));
    return done_ = std::max(end, colon + 1);
  }

  std::size_t AfterId(std::size_t digit) {
    std::size_t begin = digit, end = digit + 1;
    while (begin > done_ && IsIdChar(text_[begin - 1])) --begin;
    while (end < text_.size() && IsIdChar(text_[end])) ++end;
    const std::size_t next = end;
    // An escaped line break before the id: "\nA-7731".
    if (begin > 0 && text_[begin - 1] == '\\' && end - begin > 1 &&
        std::string_view("nrt").find(text_[begin]) != std::string_view::npos) {
      ++begin;
    }
    while (begin < end && !ascii::IsAlnum(text_[begin])) ++begin;
    while (end > begin && !ascii::IsAlnum(text_[end - 1])) --end;
    const std::string_view id = text_.substr(begin, end - begin);
    if (IsId(id)) Keep(FoldedHash(id));
    return done_ = next;
  }

  void Keep(std::uint32_t hash) {
    if (std::find(out_.begin() + static_cast<std::ptrdiff_t>(begin_), out_.end(), hash) !=
        out_.end()) {
      return;
    }
    if (out_.size() - begin_ >= kMostValues) {
      dropped_ = true;
    } else {
      out_.push_back(hash);
    }
  }

  const std::string_view text_;
  const std::size_t begin_;
  std::vector<std::uint32_t>& out_;
  std::size_t done_ = 0;
  bool dropped_ = false;
};

}  // namespace

bool AppendValues(std::string_view text, std::vector<std::uint32_t>& out) {
  return ValueFinder(text.substr(0, kValueBytes), out).Find() && text.size() <= kValueBytes;
}

std::uint32_t WholeValues(std::string_view arguments, std::span<const std::uint32_t> values) {
  std::uint32_t whole = 0;
  std::vector<std::uint32_t> found;
  const auto look = [&](std::string_view text) {
    const bool is_url = text.find("://") != text.npos && text.find(' ') == text.npos;
    if (text.empty() || text.size() > kMostWhole) return;
    if (!is_url && !std::all_of(text.begin(), text.end(), IsIdChar)) return;
    found.clear();
    AppendValues(text, found);
    if (found.size() != 1) return;
    const auto at = std::find(values.begin(), values.end(), found.front()) - values.begin();
    if (at < 32 && at < std::ssize(values)) whole |= std::uint32_t{1} << at;
  };
  const std::string_view text = ascii::Trim(arguments.substr(0, kValueBytes));
  if (values.empty()) return 0;
  if (text.find('"') == text.npos) {
    look(text);
    return whole;
  }
  for (std::size_t open = text.find('"'); open != text.npos;) {
    std::size_t close = open + 1;
    while (close < text.size() && text[close] != '"') close += text[close] == '\\' ? 2 : 1;
    if (close >= text.size()) break;
    std::size_t after = close + 1;
    while (after < text.size() && ascii::IsSpace(text[after])) ++after;
    const bool is_key = after < text.size() && text[after] == ':';
    if (!is_key) look(text.substr(open + 1, close - open - 1));
    open = text.find('"', close + 1);
  }
  return whole;
}

}  // namespace halo
