// SPDX-License-Identifier: MIT
// Where bytes come from: files, folders and standard input, decompressed on the way.
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

// A stream of decompressed bytes. One thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Puts the next bytes into `into`, which is not empty, and sets `got` to how many; 0 at the end.
  // kCorrupt for a broken gzip or zstd stream: `got` is what came before it and is good.
  virtual Result<void> Read(std::span<char> into, std::size_t& got) = 0;
  // Bytes of the stored file taken so far and in all, for progress; total 0 when unknown.
  virtual std::uint64_t consumed() const = 0;
  virtual std::uint64_t total() const = 0;
  // Where this read began in the decompressed input: not 0 when it resumed.
  virtual std::uint64_t start_offset() const = 0;
  // What to store once everything up to `offset` is stored.
  virtual SourcePosition PositionAt(std::uint64_t offset, bool complete) const = 0;
};

}  // namespace halo
