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
  kJsonValues,      // JSON values on lines or across them; huge documents are cut into their spans
  kLines,           // one record a line
  kVarintMessages,  // binary messages, each after its length as a protobuf varint
  kUint32Messages,  // binary messages, each after its length as four bytes, big-endian
  kWholeInput,      // the whole input is one record
};

// One stream, one thread. Except for JSON, a record is at most kMaxSpanBytes long; a longer one is
// rejected as kRecordTooLarge.
class Framer {
 public:
  virtual ~Framer() = default;

  // Where in the input the next byte is. Call before the first byte when a read is resumed, which
  // is possible after a batch that says so.
  virtual void StartAt(std::uint64_t offset) = 0;
  // Room for the next bytes, never empty. Commit then takes the first `size` bytes of it, and
  // appends batches that are complete.
  virtual std::span<char> Prepare() = 0;
  virtual void Commit(std::size_t size, std::vector<RecordBatch>& out) = 0;
  // The same for bytes that are in the caller's memory.
  virtual void Feed(std::string_view bytes, std::vector<RecordBatch>& out) = 0;
  // The end of the input: what is left becomes records or rejects. With `more_may_follow`, a last
  // record that is not complete is kept back for a later read and not counted.
  virtual void Finish(bool more_may_follow, std::vector<RecordBatch>& out) = 0;
};

std::unique_ptr<Framer> MakeFramer(Framing framing);

}  // namespace halo
