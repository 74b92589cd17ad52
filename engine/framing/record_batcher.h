// SPDX-License-Identifier: MIT
// Collects the items that are cut out of one huge value into batches. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/framing/record.h"
#include "engine/framing/span_cutter.h"

namespace halo {

class RecordBatcher final : public CutSink {
 public:
  void Begin(std::uint64_t offset) { begin_ = offset; }
  // Sets the output of later batches.
  void SetOutput(std::vector<RecordBatch>& out) { out_ = &out; }

  void OnItem(const CutItem& item) override;
  void OnReject(Reject reject) override { rejects_.push_back(std::move(reject)); }
  // Appends the collected items as a batch. Even an empty batch records how far the input was read.
  void Seal(std::uint64_t end_offset, bool resumable);

 private:
  struct Range {
    std::size_t begin = 0, size = 0;
  };
  struct Piece {
    Range item, resource, scope;
    std::uint64_t offset = 0;
    bool clipped = false;
  };
  Range Append(std::string_view text);
  Range AppendShared(std::string_view text, Range last);

  std::vector<RecordBatch>* out_ = nullptr;
  std::uint64_t begin_ = 0;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::vector<Piece> pieces_;
  std::vector<Reject> rejects_;
};

}  // namespace halo
