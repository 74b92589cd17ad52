// SPDX-License-Identifier: MIT
// A stream of input bytes, after decompression.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/source_position.h"

namespace halo {

// Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads the next bytes into `into`, which must not be empty, and sets `got` to their number; 0 at
  // the end. kCorrupt for a corrupt gzip or zstd stream: the first `got` bytes are still valid.
  virtual Result<void> Read(std::span<char> into, std::size_t& got) = 0;
  // Bytes of the file on disk read so far and in total, for progress; total 0 if unknown.
  virtual std::uint64_t consumed() const = 0;
  virtual std::uint64_t total() const = 0;
  // The offset in the decompressed input at which this read started; not 0 if it resumed.
  virtual std::uint64_t start_offset() const = 0;
  // The first line of the input, without its line feed, also after a read that resumed; empty if it
  // is longer than `max_bytes` or cannot be read again.
  virtual std::string FirstLine(std::size_t /*max_bytes*/) const { return {}; }
  // The position to store once everything up to `offset` is stored.
  virtual SourcePosition PositionAt(std::uint64_t offset, bool complete) const = 0;
};

}  // namespace halo
