// SPDX-License-Identifier: MIT
// Cuts a stream of JSON into records before a parser sees it, so that one huge line or document
// costs no more memory than many small ones. A record is a line or document of at most
// kMaxRecordBytes; a larger OTLP document is cut into its spans, each with the resource and scope
// objects around it; other large arrays are cut into their items. An item over kMaxSpanBytes is
// clipped: its long strings are shortened, so that identity and times stay.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/framing/record.h"
#include "engine/model/reject.h"

namespace halo {

inline constexpr std::size_t kChunkBytes = 2 << 20;
inline constexpr std::size_t kMaxRecordBytes = 8 << 20;
inline constexpr std::size_t kMaxSpanBytes = 32 << 20;

// Some records with the bytes they stand in; goes to one worker. Movable.
struct RecordBatch {
  std::unique_ptr<char[]> bytes;  // records view it; 64 readable bytes follow the last one
  std::vector<Record> records;
  std::vector<bool> clipped;       // by record
  std::vector<Reject> rejects;     // what could not be cut, such as "unterminated_json"
  std::uint64_t begin_offset = 0;  // of the input, decompressed
  std::uint64_t end_offset = 0;
  // A later read may go on at end_offset: all before it stands in complete lines.
  bool ends_at_line = false;
};

// One stream, one thread.
class Splitter {
 public:
  Splitter();
  ~Splitter();

  // Where the next byte stands in the input. Call before the first Feed when a read is resumed.
  void StartAt(std::uint64_t offset);
  // Room for the next bytes, which Commit then takes: never empty. The byte that stands at n in the
  // input has a place at n modulo 64, since some processors copy several times slower between
  // places that differ in this.
  std::span<char> Prepare();
  // Takes the first bytes of the room; appends batches that are complete.
  void Commit(std::size_t size, std::vector<RecordBatch>& out);
  // The same for bytes that stand elsewhere.
  void Feed(std::string_view bytes, std::vector<RecordBatch>& out);
  // The end of the input: what is left becomes records (a last line without line feed) or rejects.
  // With `more_may_follow` an incomplete last line is kept back and not counted.
  void Finish(bool more_may_follow, std::vector<RecordBatch>& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
