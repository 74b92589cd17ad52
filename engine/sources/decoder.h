// SPDX-License-Identifier: MIT
// Plain, gzip and zstd bytes as one stream of plain bytes. What the bytes are tells their magic
// number, never a file name.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

// Puts the next stored bytes into `into`, which is not empty, and sets `got` to how many; 0 at the
// end.
using StoredBytes = std::function<Result<void>(std::span<char> into, std::size_t& got)>;

class Decoder {
 public:
  virtual ~Decoder() = default;
  // The same for plain bytes. kCorrupt, once, for a stream that is broken or cut off: `got` is what
  // was good before it.
  virtual Result<void> Read(std::span<char> into, std::size_t& got) = 0;
};

enum class Encoding : std::uint8_t { kPlain, kGzip, kZstd };

inline constexpr std::size_t kMagicBytes = 4;
// Of a stream that starts with these bytes (kMagicBytes are enough).
Encoding DetectEncoding(std::string_view start);

std::unique_ptr<Decoder> MakeDecoder(Encoding encoding, StoredBytes stored);

}  // namespace halo
