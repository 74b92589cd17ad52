// SPDX-License-Identifier: MIT
// The position up to which an input has been read.
#pragma once

#include <cstdint>
#include <string>

namespace halo {

// `key` identifies the input permanently: "file:/canonical/path", "stdin:HASH", ...
struct SourcePosition {
  std::string key;
  std::uint64_t offset = 0;  // decompressed bytes consumed
  std::uint64_t size = 0;    // of the file on disk
  std::int64_t mtime_ns = 0;
  std::uint64_t head_hash = 0;  // of the first min(4096, offset) bytes
  std::uint64_t tail_hash = 0;  // of the min(4096, offset) bytes before offset
  bool resumable = false;       // framed by lines and uncompressed: can continue at offset
  bool complete = false;        // read to its end: its traces are settled
  std::uint64_t clear_rejects_from = UINT64_MAX;  // earlier rejects from this offset on are deleted
};

}  // namespace halo
