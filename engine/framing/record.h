// SPDX-License-Identifier: MIT
// Pieces of input that can be read independently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/reject.h"

namespace halo {

inline constexpr std::size_t kChunkBytes = 2 << 20;
inline constexpr std::size_t kMaxRecordBytes = 8 << 20;
inline constexpr std::size_t kMaxSpanBytes = 32 << 20;

// A line, document or message, or one span cut out of a document too large to hold, with the
// resource and scope objects that enclosed it.
struct Record {
  std::string_view bytes;  // followed by at least kJsonPadding readable bytes
  std::uint64_t offset = 0;
  std::string_view resource;  // JSON object, empty unless cut out
  std::string_view scope;     // JSON object, empty unless cut out
};

// Records and the memory that holds them, for one worker. Movable.
struct RecordBatch {
  std::unique_ptr<char[]> bytes;              // records view it; padding follows the last one
  std::shared_ptr<const std::string> shared;  // of several batches; resources may view it
  std::vector<Record> records;
  std::vector<bool> clipped;       // by record
  std::vector<Reject> rejects;     // parts that could not be cut, such as an unterminated value
  std::uint64_t begin_offset = 0;  // of the input, decompressed
  std::uint64_t end_offset = 0;
  bool resumable = false;  // a later read can start at end_offset
};

}  // namespace halo
