// SPDX-License-Identifier: MIT
// Decodes plain, gzip and zstd input. The encoding is detected by the magic number, not by the file
// name.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "engine/base/result.h"

namespace halo {

// Reads the next encoded bytes into `into`, which is not empty, and sets `got` to their number; 0
// at the end.
using StoredBytes = std::function<Result<void>(std::span<char> into, std::size_t& got)>;

class Decoder {
 public:
  virtual ~Decoder() = default;
  // The same for decoded bytes. Returns kCorrupt once if the stream is corrupt or truncated; the
  // first `got` bytes are still valid.
  virtual Result<void> Read(std::span<char> into, std::size_t& got) = 0;
};

enum class Encoding : std::uint8_t { kPlain, kGzip, kZstd };

inline constexpr std::size_t kMagicBytes = 4;
// The encoding of a stream that starts with these bytes; kMagicBytes are enough.
Encoding DetectEncoding(std::string_view start);

// A zstd stream needs a window of 2^`max_window_log` bytes at most; one that wants more is corrupt.
std::unique_ptr<Decoder> MakeDecoder(Encoding encoding, StoredBytes stored,
                                     int max_window_log = 27);

}  // namespace halo
