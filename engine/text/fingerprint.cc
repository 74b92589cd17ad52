// SPDX-License-Identifier: MIT
#define XXH_INLINE_ALL  // the state on the stack, short updates inlined
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/text/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/normalise.h"
#include "engine/text/reader.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsDigit;
using ascii::IsSpace;
using ascii::IsWord;

// Stands for all that is masked.
constexpr char kMask = '\x01';

// XXH3 over pieces, gathered so that short ones cost a copy and no call.
class PieceHash {
 public:
  PieceHash() { XXH3_64bits_reset(&state_); }

  void Append(std::string_view piece) {
    if (piece.empty()) return;
    last_ = piece.back();
    if (piece.size() > buffer_.size() - size_) {
      Flush();
      if (piece.size() > buffer_.size() / 2) {
        XXH3_64bits_update(&state_, piece.data(), piece.size());
        return;
      }
    }
    std::memcpy(buffer_.data() + size_, piece.data(), piece.size());
    size_ += piece.size();
  }
  void Append(char c) { Append(std::string_view(&c, 1)); }

  char last() const { return last_; }

  std::uint64_t Finish() {
    Flush();
    return XXH3_64bits_digest(&state_);
  }

 private:
  void Flush() {
    if (size_ > 0) XXH3_64bits_update(&state_, buffer_.data(), size_);
    size_ = 0;
  }

  XXH3_state_t state_;
  std::array<char, 4096> buffer_;
  std::size_t size_ = 0;
  char last_ = ' ';  // white space at the start is dropped
};

// A digit, white space other than one space, or the first of two spaces: where a plain run ends.
bool IsBreak(char c, char next) { return IsDigit(c) || (IsSpace(c) && (c != ' ' || next == ' ')); }

// The first break at or after `at`; the size of the text if there is none.
std::size_t FindBreak(std::string_view text, std::size_t at) {
#if defined(__SSE2__)
  const auto in_range = [](__m128i bytes, char first, char count) {
    const __m128i from_first = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from_first, _mm_set1_epi8(count)), from_first);
  };
  const __m128i space = _mm_set1_epi8(' ');
  for (; at + 17 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i next = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at + 1));
    const __m128i spaces = _mm_and_si128(_mm_cmpeq_epi8(bytes, space), _mm_cmpeq_epi8(next, space));
    const __m128i breaks = _mm_or_si128(
        spaces, _mm_or_si128(in_range(bytes, '0', 9), in_range(bytes, '\t', '\r' - '\t')));
    if (const int mask = _mm_movemask_epi8(breaks); mask != 0) {
      return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
    }
  }
#endif
  for (; at < text.size(); ++at) {
    if (IsBreak(text[at], at + 1 < text.size() ? text[at + 1] : '\0')) return at;
  }
  return at;
}

// Seconds, milli-, micro- or nanoseconds since 1970, between 2014 and 2033.
bool IsEpoch(std::string_view digits) {
  const bool size =
      digits.size() == 10 || digits.size() == 13 || digits.size() == 16 || digits.size() == 19;
  return size && digits[0] == '1' && digits[1] >= '4';
}

// Whether the number at a place may be the value of a name.
bool IsAssigned(const TextPlace& place) {
  const char before = place.before() == ' ' ? place.before(2) : place.before();
  return before == ':' || before == '=' || before == '"';
}

// Whether it is a time by that name.
bool IsTimeByName(const TextPlace& place) {
  if (!IsAssigned(place)) return false;
  const std::string_view name = WordBefore(place);
  constexpr std::string_view kEnds[] = {"_ms",     "_ns",      "_us",      "_secs",    "_seconds",
                                        "Ms",      "duration", "elapsed",  "latency",  "took",
                                        "Seconds", "Latency",  "Duration", "timestamp"};
  return std::any_of(std::begin(kEnds), std::end(kEnds),
                     [&](std::string_view end) { return name.ends_with(end); });
}

std::size_t NumberLength(std::string_view text) {
  Reader reader(text);
  reader.TakeWhile(IsDigit);
  Reader fraction = reader;
  if (fraction.Take('.') && !fraction.TakeWhile(IsDigit).empty()) reader = fraction;
  return text.size() - reader.rest().size();
}

char CharAt(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

// Whether a date may begin with so many digits and what follows them: cheaper than to try.
bool MayBeDate(std::string_view rest, std::size_t digits) {
  switch (CharAt(rest, digits)) {
    case '-':
    case '/':
      return digits <= 2 || digits == 4;
    case ':':
    case '.':
      return digits <= 2;
    case ' ':
      return digits <= 2 && ascii::IsAlpha(CharAt(rest, digits + 1));
    case 'T':
      return digits == 8;
    default:
      return false;
  }
}

// The same for a unit of time behind a number.
bool MayBeDuration(std::string_view rest, std::size_t number) {
  constexpr std::string_view kUnitStarts = "hmnsu\xc2\xce";
  const char next = CharAt(rest, number);
  const char unit = next == ' ' ? CharAt(rest, number + 1) : next;
  return kUnitStarts.find(unit) != std::string_view::npos;
}

// How many bytes at a place that begins a number differ on each call whatever the answer is.
std::size_t VolatileNumber(const TextPlace& place) {
  const std::string_view rest = place.rest();
  const std::string_view digits = Reader(rest).TakeWhile(IsDigit);
  if (MayBeDate(rest, digits.size())) {
    if (const Match date = MatchDate(place); date.length > 0) return date.length;
  }
  const std::size_t number = NumberLength(rest);
  const bool joined = IsWord(CharAt(rest, number));
  if (!joined && IsEpoch(digits)) return number;
  if (MayBeDuration(rest, number)) {
    if (const Match duration = MatchDuration(place); duration.length > 0) return duration.length;
  }
  return !joined && !IsWord(place.before()) && IsTimeByName(place) ? number : 0;
}

// The same for a place that begins any word: `word` is what is joined from there on.
std::size_t VolatileWord(const TextPlace& place, std::string_view word) {
  constexpr std::size_t kLong = 16;
  if (word.size() < 4) return 0;
  std::size_t run = 0;
  bool letters = false;
  for (; run < word.size() && IsAlnum(word[run]); ++run) letters |= !IsDigit(word[run]);
  if (run == 8 && CharAt(word, 13) == '-') {
    if (const Match uuid = MatchUuid(place); uuid.length > 0) return uuid.length;
  }
  if (!letters) return 0;
  const bool address = word[0] == '0' && word[1] == 'x' && run >= 8;
  if (run >= kLong || address) {
    if (const Match hex = MatchHex(place); hex.length > 0) return hex.length;
  }
  return run >= kLong || run < word.size() ? MatchId(place).length : 0;
}

// The start of "Tue, Jan" before the day at `at`, not before `from`; `at` when there is none.
std::size_t NamedDateStart(std::string_view text, std::size_t from, std::size_t at) {
  std::size_t start = at, begin = at;
  for (int words = 0; words < 2; ++words) {
    std::size_t end = begin;
    while (end > from && begin - end < 3 && (text[end - 1] == ' ' || text[end - 1] == ',')) --end;
    std::size_t word = end;
    while (word > from && end - word < 10 && ascii::IsAlpha(text[word - 1])) --word;
    if (end == begin || word == end || !ascii::IsUpper(text[word])) break;
    begin = word;
    if (MatchDate({text, begin}).length > at - begin) start = begin;
  }
  return start;
}

struct Range {
  std::size_t begin = 0, end = 0;
  bool empty() const { return begin == end; }
};

// What is to be masked in the token around the digit at `at`: of letters, digits, `_` and `-`, not
// before `from`. `token_end` becomes the end of the token.
Range FindVolatile(std::string_view text, std::size_t from, std::size_t at,
                   std::size_t& token_end) {
  constexpr std::size_t kMaxBack = 64;
  std::size_t begin = at;
  while (begin > from && at - begin < kMaxBack && IsWord(text[begin - 1])) --begin;
  token_end = at;
  while (token_end < text.size() && IsWord(text[token_end])) ++token_end;

  // A day of a month, or a year.
  const bool few_digits = token_end - at <= 2 || token_end - at == 4;
  if (begin == at && few_digits && at >= from + 4 && text[at - 1] == ' ') {
    const std::size_t start = NamedDateStart(text, from, at);
    if (start < at) return {start, start + MatchDate({text, start}).length};
  }
  for (std::size_t part = begin; part < token_end; ++part) {
    const TextPlace place = {text, part};
    if (!IsAlnum(text[part]) || IsAlnum(place.before())) continue;
    const std::size_t number = IsDigit(text[part]) ? VolatileNumber(place) : 0;
    const std::size_t size =
        number > 0 ? number : VolatileWord(place, text.substr(part, token_end - part));
    if (size > 0) return {part, part + size};
  }
  return {};
}

// The end of the number that begins at `at`, if it surely is not volatile, else `at`: what
// FindVolatile would find of most numbers, without a look at each of its rules. Of 3 or 5 to 9
// digits, it is no part of a date and no time since 1970.
std::size_t EndOfPlainNumber(std::string_view text, std::size_t from, std::size_t at) {
  if (at > from && IsWord(text[at - 1])) return at;
  std::size_t end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  const std::size_t digits = end - at;
  if (digits < 3 || digits == 4 || digits > 9) return at;
  const char next = CharAt(text, end);
  if (IsWord(next) || next == '.') return at;
  if (MayBeDuration(text.substr(at), digits)) return at;
  return IsAssigned({text, at}) ? at : end;
}

}  // namespace

std::uint64_t ResultFingerprint(std::string_view text) {
  PieceHash hash;
  std::size_t done = 0;  // what is hashed
  for (std::size_t at = 0; (at = FindBreak(text, at)) < text.size();) {
    if (!IsDigit(text[at])) {
      hash.Append(text.substr(done, at - done));
      while (at < text.size() && IsSpace(text[at])) ++at;
      if (hash.last() != ' ' && at < text.size()) hash.Append(' ');
      done = at;
      continue;
    }
    if (const std::size_t end = EndOfPlainNumber(text, done, at); end > at) {
      at = end;
      continue;
    }
    std::size_t token_end = 0;
    const Range masked = FindVolatile(text, done, at, token_end);
    if (masked.empty()) {
      at = token_end;
      continue;
    }
    hash.Append(text.substr(done, masked.begin - done));
    hash.Append(kMask);
    done = at = masked.end;
  }
  std::string_view rest = text.substr(done);
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  hash.Append(rest);
  return hash.Finish();
}

}  // namespace halo
