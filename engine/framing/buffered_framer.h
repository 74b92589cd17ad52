// SPDX-License-Identifier: MIT
// What framers have in common whose records are held in memory as a whole: the buffer, and the
// batches that are cut from it.
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
  // What the held bytes begin with.
  struct Frame {
    std::size_t size = 0;     // bytes to take; 0: more are needed
    std::string_view record;  // among them; empty: none
    std::string_view reject;  // why they are lost, of reject_reasons.h; empty: they are not
    std::string_view detail = {};
  };
  // `held` is not empty and begins at `offset` in the input, or where the last frame ended. With
  // `at_end` no more bytes will come, and something must be taken. Something must also be taken of
  // more than kMaxHeldBytes.
  virtual Frame Next(std::string_view held, bool at_end) = 0;
  // Whether a later read can start after the last frame.
  virtual bool CanResume() const = 0;

  // A record of kMaxSpanBytes with what frames it.
  static constexpr std::size_t kMaxHeldBytes = kMaxSpanBytes + 64;

 private:
  void Reserve(std::size_t capacity);
  void Cut(bool at_end, std::vector<RecordBatch>& out);

  std::uint64_t base_ = 0;  // where in the input the buffer begins
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;  // without the padding
  std::size_t size_ = 0;
  std::size_t limit_ = kChunkBytes;  // the size at which records are cut
};

}  // namespace halo
