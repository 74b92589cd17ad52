// SPDX-License-Identifier: MIT
// How far an input has been read.
#pragma once

#include <cstdint>
#include <string>

namespace halo {

// How far an input has been read. `key` names it for ever ("file:/canonical/path", "stdin", ...).
struct SourcePosition {
  std::string key;
  std::uint64_t offset = 0;  // decompressed bytes consumed
  std::uint64_t size = 0;    // of the file as stored
  std::int64_t mtime_ns = 0;
  std::uint64_t head_hash = 0;  // of the first min(4096, offset) bytes
  std::uint64_t tail_hash = 0;  // of the min(4096, offset) bytes before offset
  bool resumable = false;       // line-framed and uncompressed: can go on from offset
  bool complete = false;        // read to its end: its traces are settled
  std::uint64_t clear_rejects_from = UINT64_MAX;  // rejects at or after it are forgotten first
};

}  // namespace halo
