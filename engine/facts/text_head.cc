// SPDX-License-Identifier: MIT
#include "engine/facts/text_head.h"

#include <algorithm>
#include <array>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"

namespace halo {
namespace {

// A heading before a result is short.
constexpr std::size_t kSearchedBytes = 400;
constexpr int kMostStarts = 6;
// Reading stops there: a text of white space and punctuation has no head.
constexpr std::size_t kReadBytes = 1024;

std::uint32_t Fold(std::uint64_t hash) {
  const auto folded = static_cast<std::uint32_t>(hash ^ hash >> 32);
  return folded == 0 ? 1 : folded;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = ascii::Lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The normalised bytes of the beginning of a text.
class Reader {
 public:
  // Reads at most `most` bytes of it.
  explicit Reader(std::string_view text, std::size_t most)
      : text_(text.substr(0, kReadBytes)), most_(most) {}

  std::size_t Read() {
    for (std::size_t i = 0; i < text_.size() && size_ < most_; ++i) {
      const char c = text_[i];
      if (ascii::IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80) {
        Put(ascii::Lower(c));
      } else if (c == '\\') {
        i = SkipEscape(i);
      }
    }
    return size_;
  }
  std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  void Put(char c) {
    if (size_ < most_) bytes_[size_++] = c;
  }

  // Returns the last byte of the escape that begins at `i`. JSON in JSON has several backslashes.
  std::size_t SkipEscape(std::size_t i) {
    while (i < text_.size() && text_[i] == '\\') ++i;
    if (i >= text_.size()) return i;
    if (text_[i] != 'u') {
      const bool is_letter = std::string_view("nrtbf").find(text_[i]) != std::string_view::npos;
      return is_letter ? i : i - 1;
    }
    std::uint32_t code = 0;
    for (std::size_t k = i + 1; k <= i + 4; ++k) {
      const int digit = k < text_.size() ? HexValue(text_[k]) : -1;
      if (digit < 0) return i;
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    PutCode(code);
    return i + 4;
  }

  // As UTF-8. The two halves of a surrogate pair arrive one after the other.
  void PutCode(std::uint32_t code) {
    if (code >= 0xD800 && code < 0xDC00) {
      high_ = code;
      return;
    }
    if (code >= 0xDC00 && code < 0xE000) code = 0x10000 + ((high_ & 0x3FF) << 10) + (code & 0x3FF);
    const auto tail = [&](int shift) { Put(static_cast<char>(0x80 | (code >> shift & 0x3F))); };
    if (code < 0x80) {
      const char c = static_cast<char>(code);
      if (ascii::IsAlnum(c)) Put(ascii::Lower(c));
    } else if (code < 0x800) {
      Put(static_cast<char>(0xC0 | code >> 6));
      tail(0);
    } else if (code < 0x10000) {
      Put(static_cast<char>(0xE0 | code >> 12));
      tail(6);
      tail(0);
    } else {
      Put(static_cast<char>(0xF0 | code >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  const std::string_view text_;
  const std::size_t most_;
  std::array<char, kLongHead> bytes_;
  std::size_t size_ = 0;
  std::uint32_t high_ = 0;
};

// 0: the text is too short.
std::uint32_t BriefHead(std::string_view text) {
  Reader reader(text, kShortHead);
  return reader.Read() < kShortHead ? 0 : Fold(Fnv1a(reader.bytes()));
}

bool BeginsPart(std::string_view text, std::size_t i) {
  const char before = text[i - 1];
  if (before == '\n' || before == '"' || before == '>' || before == '\'') return true;
  if (before == 'n' && i >= 2 && text[i - 2] == '\\') return true;  // an escaped line break
  return before == ' ' && i >= 2 && text[i - 2] == ':';
}

void AppendNew(std::uint32_t head, std::vector<std::uint32_t>& out) {
  if (head != 0 && std::find(out.begin(), out.end(), head) == out.end()) out.push_back(head);
}

}  // namespace

TextHead HeadHash(std::string_view text) {
  Reader reader(text, kLongHead);
  const std::size_t size = reader.Read();
  TextHead head;
  if (size >= kShortHead) head.brief = Fold(Fnv1a(reader.bytes().substr(0, kShortHead)));
  if (size >= kLongHead) head.whole = Fold(Fnv1a(reader.bytes()));
  return head;
}

void AppendHeads(std::string_view text, bool inside, std::vector<std::uint32_t>& out) {
  const TextHead first = HeadHash(text);
  AppendNew(first.whole, out);
  AppendNew(first.brief, out);
  if (!inside || first.brief == 0) return;
  int starts = 0;
  const std::size_t end = std::min(text.size(), kSearchedBytes);
  for (std::size_t i = 1; i < end && starts < kMostStarts; ++i) {
    const char c = text[i];
    if (!(ascii::IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80 || c == '{' || c == '[')) {
      continue;
    }
    if (!BeginsPart(text, i)) continue;
    const std::uint32_t head = BriefHead(text.substr(i));
    if (head == 0) break;
    ++starts;
    AppendNew(head, out);
  }
}

}  // namespace halo
