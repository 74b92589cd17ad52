// SPDX-License-Identifier: MIT
// Writes and reads the primitives of stored bytes: varints (LEB128: 7 bits per byte, least
// significant first), length-prefixed text, little-endian words.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace halo {

static_assert(std::endian::native == std::endian::little, "stored words are little-endian");

// Maps signed numbers of small magnitude to small unsigned numbers, and back.
constexpr std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

inline constexpr std::size_t kMaxVarint = 10;

// A growing buffer. Unlike a string it does not clear memory before it is written.
class ByteBuffer {
 public:
  // Makes room for `most` bytes after the end and returns where to write them. Call Grow with the
  // number of bytes that were written.
  char* Prepare(std::size_t most) {
    if (most > capacity_ - size_) {
      capacity_ = std::max(size_ + most, 2 * capacity_);
      auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
      if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
      bytes_ = std::move(larger);
    }
    return bytes_.get() + size_;
  }
  void Grow(std::size_t size) { size_ += size; }
  void Clear() { size_ = 0; }

  std::string_view view() const { return {bytes_.get(), size_}; }
  std::size_t size() const { return size_; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0, capacity_ = 0;
};

// Writes at `at`, which must have room for kMaxVarint bytes. Returns the end.
inline char* WriteVarint(char* at, std::uint64_t value) {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}

// bit_width / 7, rounded up, without a division, which would take most of the time.
constexpr std::size_t VarintSize(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) * 9 + 64) / 64;
}

inline void PutVarint(std::string& out, std::uint64_t value) {
  char buffer[kMaxVarint];
  out.append(buffer, WriteVarint(buffer, value));
}

// Reads what the functions above wrote, from bytes that may be damaged. It never reads past the
// end: once a read does not fit, ok() is false and every read returns zero or an empty text.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  std::uint64_t Varint() {
    if (at_ != end_ && static_cast<signed char>(*at_) >= 0) {
      return static_cast<unsigned char>(*at_++);
    }
    std::uint64_t value = 0;
    for (int shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return Fail();
  }

  std::uint8_t Byte() {
    if (at_ == end_) return static_cast<std::uint8_t>(Fail());
    return static_cast<unsigned char>(*at_++);
  }

  std::uint64_t Fixed64() {
    std::uint64_t value = 0;
    const std::string_view bytes = Take(sizeof value);
    if (ok_) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }

  std::string_view Take(std::uint64_t size) {
    if (size > left()) {
      Fail();
      return {};
    }
    const std::string_view piece(at_, size);
    at_ += size;
    return piece;
  }

  // Reads a length and that many bytes.
  std::string_view Text() { return Take(Varint()); }

 private:
  std::uint64_t Fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace halo
