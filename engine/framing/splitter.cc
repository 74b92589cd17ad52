// SPDX-License-Identifier: MIT
#include "engine/framing/splitter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/framing/record_batcher.h"
#include "engine/framing/span_cutter.h"
#include "engine/framing/text_layout.h"
#include "engine/json/json_space.h"
#include "engine/json/value_scanner.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kFirstCapacity = 64 << 10;
constexpr std::size_t kRoomBytes = 256 << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// A colour code that begins within this many bytes of the end of the text may go on after it.
constexpr std::size_t kLookAhead = 64;

}  // namespace

struct Splitter::Impl {
  std::span<char> Prepare();
  void Commit(std::size_t taken, std::vector<RecordBatch>& out);
  void Feed(std::string_view bytes, std::vector<RecordBatch>& out);
  void Finish(bool more_may_follow, std::vector<RecordBatch>& out);
  void Split(bool final, bool more_may_follow, std::vector<RecordBatch>& out);
  void SplitLines(bool final, bool more_may_follow);
  void SplitDocuments(bool final, bool more_may_follow);
  bool SkipToValue(bool final);
  void AddRecord(std::size_t begin, std::size_t end);
  std::size_t EndOfLine(std::size_t from) const;
  void Seal(std::vector<RecordBatch>& out);
  void Reserve(std::size_t capacity_wanted);

  void BeginCut(std::vector<RecordBatch>& out);
  std::size_t Cut(std::string_view bytes);
  std::size_t CutLine(std::string_view bytes);
  void EndCut(bool at_line_end);

  std::string_view Held() const { return {text, size}; }

  Layout layout = Layout::kUndecided;
  std::uint64_t origin = 0;  // offset in the input of the first byte of this read
  std::uint64_t base = 0;    // offset in the input of text[0]

  std::unique_ptr<char[]> buffer;
  char* text = nullptr;      // in the buffer
  std::size_t capacity = 0;  // from `text` on, without the padding
  std::size_t size = 0;
  std::size_t limit = kChunkBytes;  // the size at which records are cut

  std::size_t consumed = 0;  // bytes that are cut into `pieces`
  std::size_t scanned = 0;   // bytes that were examined
  std::vector<std::pair<std::size_t, std::size_t>> pieces;

  // Documents only:
  ValueScanner scanner;
  bool in_value = false;
  bool resync = false;   // after a broken document: skips to a line that begins a value
  char previous = '\n';  // the byte before text[0]

  // A value that is too large to be held. `base` is then the offset of the next byte.
  bool cutting = false;
  bool refused_rest = false;  // the text after the value on its line was rejected
  std::unique_ptr<char[]> cut_room;
  SpanCutter cutter;
  RecordBatcher batcher;
};

void Splitter::Impl::Reserve(std::size_t capacity_wanted) {
  if (capacity_wanted <= capacity) return;
  // The input after a full chunk usually fills the next one.
  const std::size_t first = base > origin ? limit : kFirstCapacity;
  capacity = std::min(limit, std::max({capacity_wanted, 2 * capacity, first}));
  auto larger = std::make_unique_for_overwrite<char[]>(capacity + kJsonPadding + kAlignment);
  const auto address = reinterpret_cast<std::uintptr_t>(larger.get());
  char* const place = larger.get() + (base - address) % kAlignment;
  if (size > 0) std::memcpy(place, text, size);
  text = place;
  buffer = std::move(larger);
}

std::span<char> Splitter::Impl::Prepare() {
  if (cutting) {
    if (!cut_room) cut_room = std::make_unique_for_overwrite<char[]>(kRoomBytes);
    return {cut_room.get(), kRoomBytes};
  }
  const std::size_t room = std::min(kRoomBytes, limit - size);
  Reserve(size + room);
  return {text + size, room};
}

void Splitter::Impl::Commit(std::size_t taken, std::vector<RecordBatch>& out) {
  if (cutting) return Feed({cut_room.get(), taken}, out);
  batcher.SetOutput(out);
  size += taken;
  if (size == limit) Split(false, false, out);
}

void Splitter::Impl::Feed(std::string_view bytes, std::vector<RecordBatch>& out) {
  batcher.SetOutput(out);
  while (!bytes.empty()) {
    if (cutting) {
      bytes.remove_prefix(Cut(bytes));
      continue;
    }
    const std::size_t taken = std::min(bytes.size(), limit - size);
    Reserve(size + taken);
    std::memcpy(text + size, bytes.data(), taken);
    bytes.remove_prefix(taken);
    Commit(taken, out);
  }
}

void Splitter::Impl::Finish(bool more_may_follow, std::vector<RecordBatch>& out) {
  batcher.SetOutput(out);
  if (!cutting) {
    Split(true, more_may_follow, out);
    return;
  }
  const bool ended = cutter.done() || cutter.broken();
  if (!ended && !more_may_follow) cutter.Abandon(batcher);
  EndCut(layout != Layout::kDocuments && (ended || !more_may_follow));
}

void Splitter::Impl::Split(bool final, bool more_may_follow, std::vector<RecordBatch>& out) {
  if (base == 0 && consumed == 0 && Held().starts_with(kByteOrderMark)) {
    consumed = scanned = kByteOrderMark.size();
  }
  if (layout == Layout::kUndecided) {
    layout = DecideLayout(Held().substr(consumed), final && !more_may_follow);
  }
  if (layout == Layout::kLines) {
    SplitLines(final, more_may_follow);
  } else if (layout == Layout::kDocuments) {
    SplitDocuments(final, more_may_follow);
  }
  if (consumed > 0) {
    Seal(out);
  } else if (!final && limit < kMaxRecordBytes) {
    limit = kMaxRecordBytes;
  } else if (!final) {
    BeginCut(out);
  }
}

void Splitter::Impl::BeginCut(std::vector<RecordBatch>& out) {
  const std::unique_ptr<char[]> held = std::move(buffer);
  const std::string_view start = Held();
  capacity = size = scanned = 0;
  limit = kChunkBytes;
  cutting = true;
  in_value = refused_rest = false;
  cutter.Begin(base);
  batcher.Begin(base);
  Feed(start, out);
}

std::size_t Splitter::Impl::Cut(std::string_view bytes) {
  std::size_t taken;
  if (layout == Layout::kDocuments) {
    taken = cutter.Feed(bytes, batcher);
    base += taken;
    resync = cutter.broken();
    if (cutter.done() || cutter.broken()) EndCut(false);
  } else {
    taken = CutLine(bytes);
  }
  if (taken > 0) previous = bytes[taken - 1];
  return taken;
}

// Consumes at most the rest of the line. For the first, long line of an input, it is not known yet
// whether other lines follow or the value continues after the line feed.
std::size_t Splitter::Impl::CutLine(std::string_view bytes) {
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  const bool ended_before = cutter.done() || cutter.broken();
  const std::size_t taken = ended_before ? 0 : cutter.Feed(bytes.substr(0, end), batcher);
  const bool ended = cutter.done() || cutter.broken();
  const std::string_view rest = TrimJsonSpace(bytes.substr(taken, end - taken));
  base += taken;
  if (!rest.empty() && cutter.done()) {
    if (layout == Layout::kUndecided) {
      layout = Layout::kDocuments;
      EndCut(false);
      return taken;
    }
    if (!refused_rest) {
      batcher.OnReject({std::string(kInvalidJson), base, "more than one value on the line"});
    }
    refused_rest = true;
  }
  base += end - taken;
  if (end == bytes.size()) return end;
  if (layout == Layout::kUndecided && !ended && !cutter.in_string()) {
    layout = Layout::kDocuments;
    return end;
  }
  layout = Layout::kLines;
  if (!ended) cutter.Abandon(batcher);
  ++base;
  EndCut(true);
  return end + 1;
}

void Splitter::Impl::EndCut(bool at_line_end) {
  batcher.Seal(base, at_line_end);
  cutting = false;
}

void Splitter::Impl::AddRecord(std::size_t begin, std::size_t end) {
  const std::string_view record = TrimLine(Held().substr(begin, end - begin));
  if (record.empty()) return;
  pieces.emplace_back(record.data() - text, record.size());
}

std::size_t Splitter::Impl::EndOfLine(std::size_t from) const {
  const void* feed = std::memchr(text + from, '\n', size - from);
  return feed ? static_cast<const char*>(feed) - text : std::string_view::npos;
}

void Splitter::Impl::SplitLines(bool final, bool more_may_follow) {
  while (scanned < size) {
    const std::size_t end = EndOfLine(scanned);
    if (end == std::string_view::npos) break;
    // Documents may follow the lines of a log, which may be JSON too.
    if (OpensDocument(Held().substr(consumed, end - consumed))) {
      layout = Layout::kDocuments;
      scanned = consumed;
      return SplitDocuments(final, more_may_follow);
    }
    AddRecord(consumed, end);
    consumed = scanned = end + 1;
  }
  scanned = size;
  if (final && (!more_may_follow || IsCompleteJson(Held().substr(consumed)))) {
    AddRecord(consumed, size);
    consumed = size;
  }
}

// Moves to the start of the next value; text before it becomes a record of each line. False if
// there is no value yet.
bool Splitter::Impl::SkipToValue(bool final) {
  while (scanned < size) {
    const std::string_view rest = Held().substr(scanned);
    const char c = rest[0];
    const bool at_line_start = (scanned == 0 ? previous : text[scanned - 1]) == '\n';
    if (c == '\x1B' && rest.size() < kLookAhead && !final) return false;
    if (IsJsonSpace(c) || c == ',') {
      consumed = ++scanned;
    } else if (const std::size_t code = ColourCodeSize(rest); code > 0) {
      consumed = scanned += code;
    } else if (CanBeginJson(rest) && (!resync || at_line_start)) {
      if (!final && SkipJsonSpace(rest.substr(1)).empty() && rest.size() < kLookAhead) return false;
      scanner.Reset();
      resync = false;
      return in_value = true;
    } else {
      std::size_t end = EndOfLine(scanned);
      if (end == std::string_view::npos && !final) return false;
      if (end == std::string_view::npos) end = size;
      if (!resync) AddRecord(scanned, end);
      consumed = scanned = end;
    }
  }
  return false;
}

void Splitter::Impl::SplitDocuments(bool final, bool more_may_follow) {
  while (scanned < size) {
    if (!in_value && !SkipToValue(final)) break;
    scanned += scanner.Scan(Held().substr(scanned));
    if (scanner.state() == ValueScanner::State::kOpen) break;
    resync = scanner.state() == ValueScanner::State::kBroken;
    AddRecord(consumed, scanned);
    consumed = scanned;
    in_value = false;
  }
  if (final && !more_may_follow) {
    AddRecord(consumed, size);
    consumed = size;
  }
}

void Splitter::Impl::Seal(std::vector<RecordBatch>& out) {
  std::unique_ptr<char[]> full = std::move(buffer);
  const char* const records = text;
  const std::size_t left = size - consumed;
  RecordBatch batch;
  batch.begin_offset = base;
  batch.end_offset = base + consumed;
  batch.resumable = layout == Layout::kLines;

  // Decides by the rest: even before a value that outgrew a chunk, a blank line may be consumed.
  limit = left < kChunkBytes ? kChunkBytes : kMaxRecordBytes;
  capacity = size = 0;
  base += consumed;
  if (left > 0) {
    Reserve(left);
    std::memcpy(text, records + consumed, left);
    size = left;
  }
  previous = records[consumed - 1];
  scanned -= consumed;
  consumed = 0;

  if (pieces.empty()) return;
  batch.records.reserve(pieces.size());
  for (const auto& [begin, length] : pieces) {
    batch.records.push_back({{records + begin, length}, batch.begin_offset + begin, {}, {}});
  }
  batch.clipped.resize(pieces.size());
  batch.bytes = std::move(full);
  pieces.clear();
  out.push_back(std::move(batch));
}

Splitter::Splitter() : impl_(std::make_unique<Impl>()) {}
Splitter::~Splitter() = default;

void Splitter::StartAt(std::uint64_t offset) {
  impl_->base = impl_->origin = offset;
  // Only an input of lines is ever resumed.
  if (offset > 0) impl_->layout = Layout::kLines;
}

std::span<char> Splitter::Prepare() { return impl_->Prepare(); }

void Splitter::Commit(std::size_t size, std::vector<RecordBatch>& out) { impl_->Commit(size, out); }

void Splitter::Feed(std::string_view bytes, std::vector<RecordBatch>& out) {
  impl_->Feed(bytes, out);
}

void Splitter::Finish(bool more_may_follow, std::vector<RecordBatch>& out) {
  impl_->Finish(more_may_follow, out);
}

}  // namespace halo
