// SPDX-License-Identifier: MIT
#include "engine/text/fingerprint.h"

#define XXH_INLINE_ALL  // for a hash state on the stack and inlined short updates
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "engine/base/ascii.h"
#include "engine/base/simd.h"
#include "engine/text/matchers.h"
#include "engine/text/normalise.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsDigit;
using ascii::IsSpace;
using ascii::IsUpper;
using ascii::IsWord;

// Replaces each masked part.
constexpr char kMask = '\x01';

// XXH3 over pieces. Buffers them, so that a short piece costs a copy instead of a call.
class PieceHash {
 public:
  // `readable` is the number of bytes that may be read from the start of the piece.
  void Append(std::string_view piece, std::size_t readable) {
    if (piece.empty()) return;
    last_ = piece.back();
    if (piece.size() > kSize - size_) {
      Flush();
      if (piece.size() > kSize / 2) {
        XXH3_64bits_update(&state_, piece.data(), piece.size());
        return;
      }
    }
    // A copy of a fixed size compiles to a few moves.
    if (piece.size() <= kSlack && readable >= kSlack) {
      std::memcpy(buffer_.data() + size_, piece.data(), kSlack);
    } else {
      std::memcpy(buffer_.data() + size_, piece.data(), piece.size());
    }
    size_ += piece.size();
  }
  void Append(char c) {
    if (size_ == kSize) Flush();
    buffer_[size_++] = last_ = c;
  }

  char last() const { return last_; }

  // The hash of all pieces followed by `rest`.
  std::uint64_t Finish(std::string_view rest) {
    if (!flushed_ && size_ == 0) return XXH3_64bits(rest.data(), rest.size());
    Append(rest, rest.size());
    if (!flushed_) return XXH3_64bits(buffer_.data(), size_);
    Flush();
    return XXH3_64bits_digest(&state_);
  }

 private:
  void Flush() {
    if (!flushed_) XXH3_64bits_reset(&state_);
    flushed_ = true;
    if (size_ > 0) XXH3_64bits_update(&state_, buffer_.data(), size_);
    size_ = 0;
  }

  static constexpr std::size_t kSize = 4096, kSlack = 64;

  XXH3_state_t state_;  // initialised by the first Flush
  std::array<char, kSize + kSlack> buffer_;
  std::size_t size_ = 0;
  bool flushed_ = false;
  char last_ = ' ';  // a space, so that white space at the start is dropped
};

// 64 bytes of a text as bit sets, the lowest bit for the first byte. SSE2 saves about 1 core-second
// per GB of shape S.
struct Block {
  static constexpr std::size_t kSize = 64;
  std::uint64_t digits = 0;
  // Bytes that end a plain run: digits, white space other than a space, the first of two spaces.
  std::uint64_t breaks = 0;
};

Block BlockOf(const char* bytes) {
  std::uint64_t digits = 0, lines = 0, spaces = 0;
  for (std::size_t i = 0; i < Block::kSize; i += Bytes16::kSize) {
    const Bytes16 part(bytes + i);
    digits |= std::uint64_t{part.InRange('0', '9')} << i;
    lines |= std::uint64_t{part.InRange('\t', '\r')} << i;
    spaces |= std::uint64_t{part.Equal(' ')} << i;
  }
  return {digits, digits | lines | (spaces & spaces >> 1)};
}

// The block that starts at `at`, padded with zeros at the end of the text.
Block BlockAt(std::string_view text, std::size_t at) {
  if (text.size() - at >= Block::kSize) {
    Block block = BlockOf(text.data() + at);
    const char* const last = text.data() + at + Block::kSize - 1;
    const bool two_spaces = text.size() - at > Block::kSize && last[0] == ' ' && last[1] == ' ';
    block.breaks |= static_cast<std::uint64_t>(two_spaces) << (Block::kSize - 1);
    return block;
  }
  char padded[Block::kSize] = {};
  std::memcpy(padded, text.data() + at, text.size() - at);
  return BlockOf(padded);
}

// Whether the digits are a time between 2014 and 2033: seconds since 1970, or milli-, micro- or
// nanoseconds.
bool IsEpoch(std::string_view digits) {
  const bool size =
      digits.size() == 10 || digits.size() == 13 || digits.size() == 16 || digits.size() == 19;
  return size && digits[0] == '1' && digits[1] >= '4';
}

// Whether the number at `place` may be the value of a name.
bool IsAssigned(const TextPlace& place) {
  const char before = place.before() == ' ' ? place.before(2) : place.before();
  return before == ':' || before == '=' || before == '"';
}

// Whether the number at `place` has a name that marks it as a time or duration.
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

// Whether `rest`, which begins with `digits` digits, may begin with a date. Cheaper than MatchDate.
bool MayBeDate(std::string_view rest, std::size_t digits) {
  const char next = CharAt(rest, digits + 1);
  switch (CharAt(rest, digits)) {
    case '-':
      return digits == 4 ? IsDigit(next) : digits <= 2 && IsUpper(next);
    case '/':
      return digits == 4 ? IsDigit(next) : digits <= 2 && (IsDigit(next) || IsUpper(next));
    case '.':
      return digits <= 2 && (IsDigit(next) || IsUpper(next));
    case ':':
      return digits <= 2 && IsDigit(next);
    case ' ':
      return digits <= 2 && IsUpper(next);
    case 'T':
      return digits == 8;
    default:
      return false;
  }
}

// Classes of the second byte of a unit of time.
enum SecondByte : std::uint8_t {
  kDigit = 1,
  kE = 2,
  kI = 4,
  kO = 8,
  kS = 16,
  kLetter = 32,
  kEnd = 64
};

constexpr std::array<std::uint8_t, 256> kSecondBytes = [] {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    classes[c] = IsDigit(byte) ? kDigit : IsAlnum(byte) ? kLetter : kEnd;
  }
  classes['e'] = kE;
  classes['i'] = kI;
  classes['o'] = kO;
  classes['s'] = kS;
  return classes;
}();

// By the first byte of a unit, the classes of its possible second bytes: for a unit joined to its
// number ("30s", "1h30m"), and for one after a space ("30 seconds").
constexpr std::array<std::uint8_t, 256> kJoinedUnits = [] {
  std::array<std::uint8_t, 256> units{};
  units['h'] = kDigit;
  units['m'] = kDigit | kS;
  units['s'] = kE | kEnd;
  units['n'] = units['u'] = kS;
  units[0xc2] = units[0xce] = 0xff;  // both encodings of the micro sign
  return units;
}();
constexpr std::array<std::uint8_t, 256> kApartUnits = [] {
  std::array<std::uint8_t, 256> units{};
  units['h'] = kO;
  units['m'] = kI | kS;
  units['s'] = kE | kEnd;
  return units;
}();

// Whether a unit of time may follow the number, judged by two bytes at once: most numbers are
// followed by another word.
bool MayBeDuration(std::string_view rest, std::size_t number) {
  const bool apart = CharAt(rest, number) == ' ';
  const std::size_t at = number + (apart ? 1 : 0);
  const auto first = static_cast<unsigned char>(CharAt(rest, at));
  const auto second = static_cast<unsigned char>(CharAt(rest, at + 1));
  return ((apart ? kApartUnits : kJoinedUnits)[first] & kSecondBytes[second]) != 0;
}

// For a place that begins a number, the number of bytes from there that change on every call, or 0.
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

// The same for a place that begins a word; `word` is the rest of its token.
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

// The capitalised word before `at`, separated from it by spaces or commas, and not before `from`.
// Without one, the empty text at `at`.
std::string_view NameBefore(std::string_view text, std::size_t from, std::size_t at) {
  std::size_t end = at;
  while (end > from && at - end < 3 && (text[end - 1] == ' ' || text[end - 1] == ',')) --end;
  std::size_t begin = end;
  while (begin > from && end - begin < 10 && ascii::IsAlpha(text[begin - 1])) --begin;
  if (end == at || begin == end || !IsUpper(text[begin])) return text.substr(at, 0);
  return text.substr(begin, end - begin);
}

// Whether the number at `at` may be the day or year after the name of a month.
bool FollowsName(std::string_view text, std::size_t from, std::size_t at) {
  return at >= from + 4 && text[at - 1] == ' ' && !NameBefore(text, from, at).empty();
}

// The start of a date such as "Tue, Jan 31" whose day is at `at`, not before `from`; `at` if no
// names precede the day.
std::size_t NamedDateStart(std::string_view text, std::size_t from, std::size_t at) {
  std::size_t start = at, begin = at;
  for (int words = 0; words < 2; ++words) {
    const std::string_view name = NameBefore(text, from, begin);
    if (name.empty()) break;
    begin = static_cast<std::size_t>(name.data() - text.data());
    if (MatchDate({text, begin}).length > at - begin) start = begin;
  }
  return start;
}

struct Range {
  std::size_t begin = 0, end = 0;
  bool empty() const { return begin == end; }
};

// The part to mask in the token of letters, digits, `_` and `-` around the digit at `at`. The token
// does not start before `from`; sets `token_end` to its end.
Range FindVolatile(std::string_view text, std::size_t from, std::size_t at,
                   std::size_t& token_end) {
  constexpr std::size_t kMaxBack = 64;
  std::size_t begin = at;
  while (begin > from && at - begin < kMaxBack && IsWord(text[begin - 1])) --begin;
  token_end = at;
  while (token_end < text.size() && IsWord(text[token_end])) ++token_end;

  // The number may be a day of a month, or a year.
  const bool few_digits = token_end - at <= 2 || token_end - at == 4;
  if (begin == at && few_digits && FollowsName(text, from, at)) {
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

// Whether the number of `digits` digits at `at` is certainly not volatile. Decides most numbers
// without trying each rule of FindVolatile.
bool IsPlainNumber(std::string_view text, std::size_t from, std::size_t at, std::size_t digits) {
  if (digits > 9) return false;
  if (at > from && IsWord(text[at - 1])) return false;
  const std::string_view rest = text.substr(at);
  const char next = CharAt(rest, digits);
  if (IsWord(next) || next == '.') return false;
  const bool day_or_year = digits <= 2 || digits == 4;
  if (day_or_year && (MayBeDate(rest, digits) || FollowsName(text, from, at))) return false;
  return !MayBeDuration(rest, digits) && !IsTimeByName({text, at});
}

}  // namespace

std::uint64_t ResultFingerprint(std::string_view text) {
  PieceHash hash;
  std::size_t done = 0;  // bytes hashed
  // Handles the break at `at` (digits or white space) and returns the position after it.
  const auto pass_break = [&](std::size_t at, std::size_t digits) {
    if (digits == 0) {
      hash.Append(text.substr(done, at - done), text.size() - done);
      while (at < text.size() && IsSpace(text[at])) ++at;
      if (hash.last() != ' ' && at < text.size()) hash.Append(' ');
      return done = at;
    }
    if (IsPlainNumber(text, done, at, digits)) return at + digits;
    std::size_t token_end = 0;
    const Range masked = FindVolatile(text, done, at, token_end);
    if (masked.empty()) return token_end;
    hash.Append(text.substr(done, masked.begin - done), text.size() - done);
    hash.Append(kMask);
    return done = masked.end;
  };
  const std::size_t masked_bytes = std::min(text.size(), kMaskedResultBytes);
  for (std::size_t begin = 0; begin < masked_bytes;) {
    const Block block = BlockAt(text, begin);
    std::size_t next = begin + Block::kSize;
    for (std::uint64_t breaks = block.breaks; breaks != 0;) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(breaks));
      auto digits = static_cast<std::size_t>(std::countr_one(block.digits >> bit));
      if (bit + digits == Block::kSize) {  // the number may continue after the block
        while (begin + bit + digits < text.size() && IsDigit(text[begin + bit + digits])) ++digits;
      }
      const std::size_t at = pass_break(begin + bit, digits);
      if (at >= begin + Block::kSize) {
        next = at;
        break;
      }
      breaks &= ~std::uint64_t{0} << (at - begin);
    }
    begin = next;
  }
  std::string_view rest = text.substr(done);
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  return hash.Finish(rest);
}

}  // namespace halo
