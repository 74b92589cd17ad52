// SPDX-License-Identifier: MIT
#include "engine/framing/record_batcher.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/json/json_space.h"

namespace halo {

void RecordBatcher::OnItem(const CutItem& item) {
  const std::size_t needed = item.bytes.size() + item.resource.size() + item.scope.size();
  if (!pieces_.empty() && size_ + needed > kChunkBytes) Seal(item.offset, false);
  if (size_ + needed > capacity_) {
    capacity_ = std::max(size_ + needed, std::min(2 * capacity_ + kChunkBytes / 16, kChunkBytes));
    auto larger = std::make_unique_for_overwrite<char[]>(capacity_ + kJsonPadding);
    if (size_ > 0) std::memcpy(larger.get(), buffer_.get(), size_);
    buffer_ = std::move(larger);
  }
  Piece piece;
  if (!pieces_.empty()) piece = pieces_.back();
  piece.resource = AppendShared(item.resource, piece.resource);
  piece.scope = AppendShared(item.scope, piece.scope);
  piece.item = Append(item.bytes);
  piece.offset = item.offset;
  piece.clipped = item.clipped;
  pieces_.push_back(piece);
}

RecordBatcher::Range RecordBatcher::Append(std::string_view text) {
  std::memcpy(buffer_.get() + size_, text.data(), text.size());
  const Range range{size_, text.size()};
  size_ += text.size();
  return range;
}

// Consecutive spans of one resource share its text.
RecordBatcher::Range RecordBatcher::AppendShared(std::string_view text, Range last) {
  if (text.empty()) return {};
  if (text == std::string_view(buffer_.get() + last.begin, last.size)) return last;
  return Append(text);
}

void RecordBatcher::Seal(std::uint64_t end_offset, bool resumable) {
  RecordBatch batch;
  batch.begin_offset = std::exchange(begin_, end_offset);
  batch.end_offset = end_offset;
  batch.resumable = resumable;
  batch.rejects = std::exchange(rejects_, {});
  const char* const bytes = buffer_.get();
  const auto view = [&](Range range) { return std::string_view(bytes + range.begin, range.size); };
  batch.records.reserve(pieces_.size());
  for (const Piece& piece : pieces_) {
    batch.records.push_back(
        {view(piece.item), piece.offset, view(piece.resource), view(piece.scope)});
    batch.clipped.push_back(piece.clipped);
  }
  batch.bytes = std::move(buffer_);
  pieces_.clear();
  capacity_ = size_ = 0;
  out_->push_back(std::move(batch));
}

}  // namespace halo
