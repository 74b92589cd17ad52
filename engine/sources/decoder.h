// SPDX-License-Identifier: MIT
// Plain, gzip and zstd bytes as one stream of plain bytes. What the bytes are tells their magic
// number, never a file name.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/result.h"

namespace halo {

// Sets its argument to the next stored bytes, at most kInputBytes; empty at the end. They stay
// until the next call.
using StoredBytes = std::function<Result<void>(std::string_view& out)>;
inline constexpr std::size_t kInputBytes = 256 << 10;
inline constexpr std::size_t kOutputBytes = 1 << 20;

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Sets `out` to the next plain bytes, at most kOutputBytes; empty at the end. They stay until the
  // next call. kCorrupt, once, for a stream that is broken or cut off: `out` is what was good
  // before it.
  virtual Result<void> Read(std::string_view& out) = 0;
};

enum class Encoding : std::uint8_t { kPlain, kGzip, kZstd };

// Of a stream that starts with these bytes (4 are enough).
Encoding DetectEncoding(std::string_view start);

std::unique_ptr<Decoder> MakeDecoder(Encoding encoding, StoredBytes stored);

}  // namespace halo
