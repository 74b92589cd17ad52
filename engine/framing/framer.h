// SPDX-License-Identifier: MIT
// Cuts a stream of bytes into records, in bounded memory, before anything parses them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/framing/record.h"

namespace halo {

// How the bytes of a format are framed.
enum class Framing : std::uint8_t {
  kJsonValues,       // JSON values on lines or across them; huge documents are cut into their spans
  kLines,            // one record per line
  kVarintMessages,   // binary messages, each after its length as a protobuf varint
  kUint32Messages,   // binary messages, each after its length as four bytes, big-endian
  kWholeInput,       // the whole input is one record
  kClaudeCodeTurns,  // lines of a session; those of a turn are one record
  kCodexTurns,
};

// Frames one stream. Not thread-safe. Except for JSON, a record is at most kMaxSpanBytes long; a
// longer one is rejected as kRecordTooLarge.
class Framer {
 public:
  virtual ~Framer() = default;

  // Sets the offset of the next byte in the input. To resume a read, which is possible at the end
  // of a resumable batch, call this before the first byte.
  virtual void StartAt(std::uint64_t offset) = 0;
  // To resume a read of Framing::kCodexTurns: the first line of the input.
  virtual void Recall(std::string_view /*first_line*/) {}
  // Returns room for the next bytes, never empty. Commit then takes the first `size` bytes in it,
  // and appends the complete batches to `out`.
  virtual std::span<char> Prepare() = 0;
  virtual void Commit(std::size_t size, std::vector<RecordBatch>& out) = 0;
  // The same for bytes in the caller's memory.
  virtual void Feed(std::string_view bytes, std::vector<RecordBatch>& out) = 0;
  // Ends the input: the remaining bytes become records or rejects. With `more_may_follow`, an
  // incomplete last record is left for a later read and is not rejected.
  virtual void Finish(bool more_may_follow, std::vector<RecordBatch>& out) = 0;
};

std::unique_ptr<Framer> MakeFramer(Framing framing);

}  // namespace halo
