// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/framing/buffered_framer.h"

namespace halo {

enum class LengthPrefix : std::uint8_t {
  kVarint,  // base 128, least significant group first; source: protobuf's "Encoding"
  kUint32,  // big-endian
};

struct MessageLength {
  std::size_t prefix = 0;  // size of the prefix in bytes; 0: more bytes are needed
  std::uint64_t value = 0;
  bool is_valid = true;
};

// The length with which the bytes begin. Pure.
MessageLength ReadMessageLength(LengthPrefix prefix, std::string_view bytes);

// Binary messages, each after its length in bytes. An empty message is not a record. After an
// impossible length nothing more is read, since no later message can be found.
class MessageFramer final : public BufferedFramer {
 public:
  explicit MessageFramer(LengthPrefix prefix) : prefix_(prefix) {}

 private:
  Frame Next(std::string_view held, bool at_end) override;
  bool CanResume() const override { return skip_ == 0; }

  const LengthPrefix prefix_;
  std::uint64_t skip_ = 0;  // bytes that are still to be skipped
};

}  // namespace halo
