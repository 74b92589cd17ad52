// SPDX-License-Identifier: MIT
// The common part of framers that hold whole records in memory: the buffer, and the batches that
// are cut from it. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/framing/framer.h"

namespace halo {

class BufferedFramer : public Framer {
 public:
  void StartAt(std::uint64_t offset) override { base_ = offset; }
  std::span<char> Prepare() override;
  void Commit(std::size_t size, std::vector<RecordBatch>& out) override;
  void Feed(std::string_view bytes, std::vector<RecordBatch>& out) override;
  void Finish(bool more_may_follow, std::vector<RecordBatch>& out) override;

 protected:
  // The frame at the start of the held bytes.
  struct Frame {
    std::size_t size = 0;     // bytes to consume; 0: more are needed
    std::string_view record;  // the record in these bytes; empty: none
    std::string_view reject;  // the reason of reject_reasons.h if they are lost; empty: not lost
    std::string_view detail = {};
  };
  // Returns the frame at the start of `held`, which is not empty and begins at the start of the
  // read or at the end of the last frame. The frame must consume bytes if `at_end` is set, since no
  // more will come, or if `held` exceeds kMaxHeldBytes.
  virtual Frame Next(std::string_view held, bool at_end) = 0;
  // Appends what is held, as one record, without consuming it: a later read starts at its first
  // byte. Only up to the last line feed, unless `at_end` is set.
  void Peek(bool at_end, std::vector<RecordBatch>& out);
  // Whether a later read can start after the last frame.
  virtual bool CanResume() const = 0;

  // The size of a record of kMaxSpanBytes with its framing.
  static constexpr std::size_t kMaxHeldBytes = kMaxSpanBytes + 64;

 private:
  void Reserve(std::size_t capacity);
  void Cut(bool at_end, std::vector<RecordBatch>& out);

  std::uint64_t base_ = 0;  // offset of the buffer in the input
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;  // without the padding
  std::size_t size_ = 0;
  std::size_t limit_ = kChunkBytes;  // the size at which records are cut
};

}  // namespace halo
