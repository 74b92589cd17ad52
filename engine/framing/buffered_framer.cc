// SPDX-License-Identifier: MIT
#include "engine/framing/buffered_framer.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "engine/json/json_space.h"

namespace halo {
namespace {

constexpr std::size_t kFirstCapacity = 64 << 10;
constexpr std::size_t kRoomBytes = 256 << 10;

}  // namespace

std::span<char> BufferedFramer::Prepare() {
  const std::size_t room = std::min(kRoomBytes, limit_ - size_);
  Reserve(size_ + room);
  return {buffer_.get() + size_, room};
}

void BufferedFramer::Commit(std::size_t size, std::vector<RecordBatch>& out) {
  size_ += size;
  if (size_ == limit_) Cut(false, out);
}

void BufferedFramer::Feed(std::string_view bytes, std::vector<RecordBatch>& out) {
  while (!bytes.empty()) {
    const std::size_t taken = std::min(bytes.size(), limit_ - size_);
    Reserve(size_ + taken);
    std::memcpy(buffer_.get() + size_, bytes.data(), taken);
    bytes.remove_prefix(taken);
    Commit(taken, out);
  }
}

void BufferedFramer::Finish(bool more_may_follow, std::vector<RecordBatch>& out) {
  Cut(!more_may_follow, out);
}

void BufferedFramer::Peek(bool at_end, std::vector<RecordBatch>& out) {
  const std::string_view all(buffer_.get(), size_);
  const std::size_t feed = all.rfind('\n');
  const std::string_view held = at_end ? all : all.substr(0, feed == all.npos ? 0 : feed + 1);
  RecordBatch batch;
  batch.begin_offset = batch.end_offset = base_;
  batch.resumable = CanResume();
  batch.bytes = std::make_unique_for_overwrite<char[]>(held.size() + kJsonPadding);
  held.copy(batch.bytes.get(), held.size());
  const std::string_view copy(batch.bytes.get(), held.size());
  const std::string_view record = TrimJsonSpace(copy);
  if (record.empty()) return;
  const auto begin = static_cast<std::size_t>(record.data() - copy.data());
  batch.records.push_back({record, base_ + begin, {}, {}});
  batch.clipped.resize(1);
  out.push_back(std::move(batch));
}

void BufferedFramer::Reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  capacity_ = std::min(limit_, std::max({capacity, 2 * capacity_, kFirstCapacity}));
  auto larger = std::make_unique_for_overwrite<char[]>(capacity_ + kJsonPadding);
  if (size_ > 0) std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
}

void BufferedFramer::Cut(bool at_end, std::vector<RecordBatch>& out) {
  RecordBatch batch;
  std::size_t consumed = 0;
  while (consumed < size_) {
    const std::string_view held(buffer_.get() + consumed, size_ - consumed);
    const Frame frame = Next(held, at_end);
    if (frame.size == 0) break;
    const std::uint64_t offset = base_ + consumed;
    if (!frame.record.empty()) {
      const auto begin = static_cast<std::size_t>(frame.record.data() - held.data());
      batch.records.push_back({frame.record, offset + begin, {}, {}});
    }
    if (!frame.reject.empty()) {
      batch.rejects.push_back({std::string(frame.reject), offset, std::string(frame.detail)});
    }
    consumed += frame.size;
  }
  if (consumed == 0) {
    limit_ = std::min(2 * limit_, kMaxHeldBytes);
    return;
  }
  batch.begin_offset = base_;
  batch.end_offset = base_ + consumed;
  batch.resumable = CanResume();
  batch.clipped.resize(batch.records.size());

  // The records keep the buffer; the bytes after them move to a new one.
  batch.bytes = std::move(buffer_);
  const std::string_view rest(batch.bytes.get() + consumed, size_ - consumed);
  base_ += consumed;
  capacity_ = size_ = 0;
  limit_ = std::max(kChunkBytes, std::min(2 * rest.size(), kMaxHeldBytes));
  if (!rest.empty()) {
    Reserve(rest.size());
    std::memcpy(buffer_.get(), rest.data(), rest.size());
    size_ = rest.size();
  }
  if (batch.records.empty()) batch.bytes.reset();
  if (!batch.records.empty() || !batch.rejects.empty()) out.push_back(std::move(batch));
}

}  // namespace halo
