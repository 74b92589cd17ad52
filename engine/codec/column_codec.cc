// SPDX-License-Identifier: MIT
#include "engine/codec/column_codec.h"

#include <algorithm>
#include <bit>
#include <optional>

namespace halo {
namespace {

// Column encodings. Stored: append only.
enum class Mode : std::uint8_t {
  kConstant,  // one value for all
  kBits1,     // packed, least significant bits first
  kBits2,
  kBits4,
  kBytes,
  kLinear,       // the first value and the difference between neighbours
  kSparse,       // the number of non-zero values; for each, the zeros before it and the value
  kFixed,        // a width in bytes, then each value in that width
  kFixedDeltas,  // the first value, then the zigzag of each difference, encoded as kFixed
  kMasked,       // a bit per value that says whether it is non-zero, then those, encoded as kFixed
};

std::uint64_t Delta(std::uint64_t value, std::uint64_t before) {
  return ZigZag(static_cast<std::int64_t>(value - before));
}

std::size_t BytesOf(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value)) + 7) / 8;
}

// The functions below write at `at`, which must have room for BodyBound bytes, and return the end.
constexpr std::size_t BodyBound(std::size_t values) { return 1 + (2 * values + 2) * kMaxVarint; }

char* PutBits(std::span<const std::uint64_t> values, unsigned bits, char* at) {
  unsigned filled = 0;
  unsigned byte = 0;
  for (const std::uint64_t value : values) {
    byte |= static_cast<unsigned>(value) << filled;
    filled += bits;
    if (filled == 8) {
      *at++ = static_cast<char>(byte);
      filled = byte = 0;
    }
  }
  if (filled > 0) *at++ = static_cast<char>(byte);
  return at;
}

// Writes the low `bytes` of the value. Writes 8 bytes in all; the next value overwrites the rest.
char* PutLow(char* at, std::uint64_t value, std::size_t bytes) {
  std::memcpy(at, &value, sizeof value);
  return at + bytes;
}

char* PutSparse(std::span<const std::uint64_t> values, std::size_t filled, char* at) {
  at = WriteVarint(at, filled);
  std::size_t last = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == 0) continue;
    at = WriteVarint(at, i - last);
    at = WriteVarint(at, values[i]);
    last = i + 1;
  }
  return at;
}

char* PutMasked(std::span<const std::uint64_t> values, std::size_t width, char* at) {
  for (std::size_t i = 0; i < values.size(); i += 8) {
    unsigned mask = 0;
    const std::size_t end = std::min(values.size() - i, std::size_t{8});
    for (std::size_t bit = 0; bit < end; ++bit) mask |= unsigned{values[i + bit] != 0} << bit;
    *at++ = static_cast<char>(mask);
  }
  *at++ = static_cast<char>(width);
  for (const std::uint64_t value : values) at = PutLow(at, value, value == 0 ? 0 : width);
  return at;
}

// A summary of a column's values, found in one pass that the compiler vectorises. Most columns are
// constant.
struct Profile {
  std::uint64_t any = 0;      // bits set in any value
  std::uint64_t changed = 0;  // bits in which any value differs from the first
};

Profile ProfileOf(std::span<const std::uint64_t> values) {
  Profile profile;
  const std::uint64_t first = values.empty() ? 0 : values[0];
  for (const std::uint64_t value : values) {
    profile.any |= value;
    profile.changed |= value ^ first;
  }
  return profile;
}

bool IsLinear(std::span<const std::uint64_t> values) {
  const std::uint64_t step = values[1] - values[0];
  for (std::size_t i = 2; i < values.size(); ++i) {
    if (values[i] - values[i - 1] != step) return false;
  }
  return true;
}

// Writes a column that is not all zeros in the cheapest encoding. Estimates sizes from the widest
// value: measuring every value would take longer than writing it, and a compressor follows.
char* PutBody(std::span<const std::uint64_t> values, const Profile& profile, char* at) {
  const auto begin = [&](Mode mode) { *at++ = static_cast<char>(mode); };
  if (profile.changed == 0) {
    begin(Mode::kConstant);
    return WriteVarint(at, values[0]);
  }
  if (IsLinear(values)) {
    begin(Mode::kLinear);
    at = WriteVarint(at, values[0]);
    return WriteVarint(at, Delta(values[1], values[0]));
  }
  const std::size_t n = values.size();
  const std::uint64_t any = profile.any;
  const auto zeros = static_cast<std::size_t>(std::count(values.begin(), values.end(), 0));
  const std::size_t filled = n - zeros;
  const std::size_t sparse = filled * (1 + VarintSize(any));
  if (const unsigned width = any < 2 ? 1 : any < 4 ? 2 : any < 16 ? 4 : any < 256 ? 8 : 0) {
    if (sparse < (n * width + 7) / 8) {
      begin(Mode::kSparse);
      return PutSparse(values, filled, at);
    }
    begin(width == 1   ? Mode::kBits1
          : width == 2 ? Mode::kBits2
          : width == 4 ? Mode::kBits4
                       : Mode::kBytes);
    return PutBits(values, width, at);
  }
  std::uint64_t any_delta = 0;
  for (std::size_t i = 1; i < n; ++i) any_delta |= Delta(values[i], values[i - 1]);
  const std::size_t fixed = n * BytesOf(any);
  const std::size_t deltas = VarintSize(values[0]) + (n - 1) * BytesOf(any_delta);
  const std::size_t masked = n / 8 + filled * BytesOf(any);
  if (sparse < std::min({fixed, deltas, masked})) {
    begin(Mode::kSparse);
    return PutSparse(values, filled, at);
  }
  if (masked < std::min(fixed, deltas)) {
    begin(Mode::kMasked);
    return PutMasked(values, BytesOf(any), at);
  }
  if (fixed <= deltas) {
    begin(Mode::kFixed);
    *at++ = static_cast<char>(BytesOf(any));
    for (const std::uint64_t value : values) at = PutLow(at, value, BytesOf(any));
    return at;
  }
  begin(Mode::kFixedDeltas);
  at = WriteVarint(at, values[0]);
  *at++ = static_cast<char>(BytesOf(any_delta));
  for (std::size_t i = 1; i < n; ++i) {
    at = PutLow(at, Delta(values[i], values[i - 1]), BytesOf(any_delta));
  }
  return at;
}

// The functions below read a column of `count` values and keep values.size() of them, from the one
// at `first` on.
bool TakeBits(ByteReader& in, unsigned bits, std::size_t count, std::size_t first,
              std::vector<std::uint64_t>& values) {
  const std::string_view bytes = in.Take((count * bits + 7) / 8);
  if (!in.ok()) return false;
  if (bits == 8) {
    std::transform(bytes.begin() + static_cast<std::ptrdiff_t>(first),
                   bytes.begin() + static_cast<std::ptrdiff_t>(first + values.size()),
                   values.begin(), [](char byte) { return static_cast<unsigned char>(byte); });
    return true;
  }
  const unsigned mask = (1u << bits) - 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t bit = (first + i) * bits;
    values[i] = (static_cast<unsigned char>(bytes[bit / 8]) >> (bit % 8)) & mask;
  }
  return true;
}

// An array of numbers of a fixed width.
class LowNumbers {
 public:
  // `width` is from 1 to 8.
  LowNumbers(std::string_view bytes, std::size_t width) : bytes_(bytes), width_(width) {}

  std::uint64_t operator[](std::size_t i) const {
    std::uint64_t value = 0;
    const std::size_t at = i * width_;
    if (at + sizeof value > bytes_.size()) {
      std::memcpy(&value, bytes_.data() + at, width_);
      return value;
    }
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value & ~std::uint64_t{0} >> (64 - 8 * width_);
  }

 private:
  std::string_view bytes_;
  std::size_t width_;
};

// Reads a width and `count` numbers. Returns nullopt if they do not fit.
std::optional<LowNumbers> TakeNumbers(ByteReader& in, std::size_t count) {
  const std::size_t width = in.Byte();
  if (width == 0 || width > sizeof(std::uint64_t)) return std::nullopt;
  const std::string_view bytes = in.Take(std::uint64_t{count} * width);
  return in.ok() ? std::optional(LowNumbers(bytes, width)) : std::nullopt;
}

// Counts the set bits among the first `bits`.
std::size_t CountBits(std::string_view bytes, std::size_t bits) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < bits; i += 64) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i / 8, std::min(bytes.size() - i / 8, sizeof word));
    if (bits - i < 64) word &= (std::uint64_t{1} << (bits - i)) - 1;
    count += static_cast<std::size_t>(std::popcount(word));
  }
  return count;
}

bool TakeMasked(ByteReader& in, std::size_t count, std::size_t first,
                std::vector<std::uint64_t>& values) {
  const std::string_view mask = in.Take(count / 8 + (count % 8 != 0));
  if (!in.ok()) return false;
  const auto numbers = TakeNumbers(in, CountBits(mask, count));
  if (!numbers) return false;
  std::size_t next = CountBits(mask, first);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t bit = first + i;
    const bool is_there = (static_cast<unsigned char>(mask[bit / 8]) >> (bit % 8) & 1) != 0;
    values[i] = is_there ? (*numbers)[next++] : 0;
  }
  return true;
}

bool TakeSparse(ByteReader& in, std::size_t count, std::size_t first,
                std::vector<std::uint64_t>& values) {
  std::fill(values.begin(), values.end(), 0);
  const std::uint64_t filled = in.Varint();
  std::uint64_t at = 0;
  for (std::uint64_t i = 0; i < filled && in.ok(); ++i) {
    const std::uint64_t zeros = in.Varint();
    const std::uint64_t value = in.Varint();
    if (zeros >= count - at) return false;
    at += zeros;
    if (at >= first && at - first < values.size()) values[at - first] = value;
    if (++at == count) return i + 1 == filled;
  }
  return in.ok();
}

bool TakeBody(ByteReader& in, std::size_t count, std::size_t first,
              std::vector<std::uint64_t>& values) {
  const auto mode = static_cast<Mode>(in.Byte());
  switch (mode) {
    case Mode::kConstant:
      std::fill(values.begin(), values.end(), in.Varint());
      return in.ok();
    case Mode::kBits1:
      return TakeBits(in, 1, count, first, values);
    case Mode::kBits2:
      return TakeBits(in, 2, count, first, values);
    case Mode::kBits4:
      return TakeBits(in, 4, count, first, values);
    case Mode::kBytes:
      return TakeBits(in, 8, count, first, values);
    case Mode::kLinear: {
      std::uint64_t value = in.Varint();
      const auto step = static_cast<std::uint64_t>(UnZigZag(in.Varint()));
      value += first * step;
      for (std::uint64_t& each : values) {
        each = value;
        value += step;
      }
      return in.ok();
    }
    case Mode::kSparse:
      return TakeSparse(in, count, first, values);
    case Mode::kFixed: {
      const auto numbers = TakeNumbers(in, count);
      if (!numbers) return false;
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = (*numbers)[first + i];
      return true;
    }
    case Mode::kFixedDeltas: {
      std::uint64_t value = in.Varint();
      const auto deltas = TakeNumbers(in, count - 1);
      if (!deltas) return false;
      for (std::size_t i = 0; i < first + values.size(); ++i) {
        if (i > 0) value += static_cast<std::uint64_t>(UnZigZag((*deltas)[i - 1]));
        if (i >= first) values[i - first] = value;
      }
      return true;
    }
    case Mode::kMasked:
      return TakeMasked(in, count, first, values);
  }
  return false;
}

}  // namespace

void ColumnWriter::Add(std::span<const std::uint64_t> values) {
  const Profile profile = ProfileOf(values);
  present_.push_back(profile.any != 0);
  if (profile.any == 0) return;
  char* const at = bodies_.Prepare(BodyBound(values.size()));
  bodies_.Grow(static_cast<std::size_t>(PutBody(values, profile, at) - at));
}

void ColumnWriter::AddConstant(std::uint64_t value) {
  present_.push_back(value != 0);
  if (value == 0) return;
  char* const at = bodies_.Prepare(1 + kMaxVarint);
  *at = static_cast<char>(Mode::kConstant);
  bodies_.Grow(static_cast<std::size_t>(WriteVarint(at + 1, value) - at));
}

void ColumnWriter::Finish(std::string& out) {
  PutVarint(out, present_.size());
  unsigned byte = 0;
  for (std::size_t i = 0; i < present_.size(); ++i) {
    byte |= static_cast<unsigned>(present_[i]) << (i % 8);
    if (i % 8 == 7 || i + 1 == present_.size()) {
      out.push_back(static_cast<char>(byte));
      byte = 0;
    }
  }
  out.append(bodies_.view());
  present_.clear();
  bodies_.Clear();
}

void PadToItems(std::uint64_t items, std::string& out) {
  while (MaxItems(out.size()) < items) out.push_back('\0');
}

ColumnReader::ColumnReader(ByteReader& in) : in_(in) {
  columns_ = in.Varint();
  present_ = in.Take(columns_ / 8 + (columns_ % 8 != 0));
  if (!in.ok()) columns_ = 0;
}

bool ColumnReader::Next(std::size_t count, RowRange rows, std::vector<std::uint64_t>& values) {
  const std::uint64_t column = next_++;
  const bool present =
      column < columns_ &&
      ((static_cast<unsigned char>(present_[column / 8]) >> (column % 8)) & 1) != 0;
  if (!present) {
    values.assign(rows.count, 0);
    return in_.ok();
  }
  values.resize(rows.count);
  return count > 0 && TakeBody(in_, count, rows.first, values);
}

}  // namespace halo
