// SPDX-License-Identifier: MIT
#include "engine/framing/message_framer.h"

#include <algorithm>
#include <limits>

#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::uint64_t>::max();

MessageLength ReadVarint(std::string_view bytes) {
  constexpr std::size_t kLongest = 10;
  MessageLength length;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const bool overflows = i == kLongest - 1 && byte > 1;
    if (overflows) return {i + 1, 0, false};
    length.value |= std::uint64_t{byte & 0x7Fu} << (7 * i);
    if (byte < 0x80) {
      length.prefix = i + 1;
      return length;
    }
  }
  return {};
}

MessageLength ReadUint32(std::string_view bytes) {
  constexpr std::size_t kSize = 4;
  if (bytes.size() < kSize) return {};
  MessageLength length{kSize};
  for (const char c : bytes.substr(0, kSize)) {
    length.value = length.value << 8 | static_cast<unsigned char>(c);
  }
  return length;
}

}  // namespace

MessageLength ReadMessageLength(LengthPrefix prefix, std::string_view bytes) {
  return prefix == LengthPrefix::kVarint ? ReadVarint(bytes) : ReadUint32(bytes);
}

BufferedFramer::Frame MessageFramer::Next(std::string_view held, bool at_end) {
  if (skip_ > 0) {
    const std::size_t skipped = std::min<std::uint64_t>(skip_, held.size());
    if (skip_ != kToTheEnd) skip_ -= skipped;
    return {skipped, {}, {}};
  }
  const MessageLength length = ReadMessageLength(prefix_, held);
  if (!length.is_valid) {
    skip_ = kToTheEnd;
    return {held.size(), {}, kInvalidFraming, "a message length of more than 64 bits"};
  }
  if (length.value > kMaxSpanBytes) {
    skip_ = length.value;
    return {length.prefix, {}, kRecordTooLarge, "a message over 32 MB"};
  }
  const auto size = static_cast<std::size_t>(length.value);
  if (length.prefix > 0 && held.size() >= length.prefix + size) {
    return {length.prefix + size, held.substr(length.prefix, size), {}};
  }
  if (!at_end) return {};
  // If the input grows after all, it must be read from its start.
  skip_ = kToTheEnd;
  return {held.size(), {}, kTruncatedInput, "a message is cut off"};
}

}  // namespace halo
