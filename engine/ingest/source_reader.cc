// SPDX-License-Identifier: MIT
#include "engine/ingest/source_reader.h"

#include <memory>
#include <utility>
#include <vector>

#include "engine/framing/framer.h"
#include "engine/importers/all_importers.h"
#include "engine/importers/choose_importer.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

constexpr std::size_t kSniffBytes = 64 << 10;

// Submits each batch with the position after it. Holds back one batch, to mark the last as
// complete.
class Submitter {
 public:
  Submitter(const ByteSource& source, std::string key, Pipeline& pipeline)
      : source_(source), key_(std::move(key)), pipeline_(pipeline) {}

  void SetImporter(const Importer& importer) { importer_ = &importer; }

  Result<void> Take(std::vector<RecordBatch>& batches) {
    for (RecordBatch& batch : batches) {
      if (held_) {
        if (Result<void> done = Submit(std::move(*held_), false); !done) return done;
      }
      held_ = std::move(batch);
    }
    batches.clear();
    return {};
  }

  void Refuse(Reject reject) {
    if (!held_) HoldNothing();
    held_->rejects.push_back(std::move(reject));
  }

  Result<SourcePosition> Finish(bool complete) {
    if (!held_) HoldNothing();
    if (Result<void> done = Submit(std::move(*held_), complete); !done) return done.error();
    return position_;
  }

 private:
  void HoldNothing() {
    held_.emplace();
    held_->begin_offset = held_->end_offset = first_ ? source_.start_offset() : position_.offset;
    held_->resumable = true;
  }

  Result<void> Submit(RecordBatch batch, bool complete) {
    position_ = source_.PositionAt(batch.end_offset, complete);
    position_.key = key_;
    position_.resumable = position_.resumable && batch.resumable;
    if (first_) position_.clear_rejects_from = source_.start_offset();
    first_ = false;
    return pipeline_.Submit(*importer_, std::move(batch), position_);
  }

  const ByteSource& source_;
  const std::string key_;
  Pipeline& pipeline_;
  const Importer* importer_ = nullptr;
  bool first_ = true;
  std::optional<RecordBatch> held_;
  SourcePosition position_;
};

}  // namespace

Result<SourceRead> ReadSource(ByteSource& source, const SourceKeyOf& key_of, std::string_view name,
                              bool growing, Pipeline& pipeline, const std::stop_token& stop,
                              const std::function<void(const ByteSource&)>& progress) {
  SourceRead read;
  std::optional<Error> broken;  // the error that ended the stream; data before it is valid
  // A compressed file that is being written ends anywhere. It is read again when it has grown.
  bool awaits_rest = false;
  const auto next = [&](std::span<char> into) {
    std::size_t got = 0;
    if (broken || awaits_rest) return got;
    if (Result<void> more = source.Read(into, got); !more) {
      if (growing && more.error().code == Code::kCorrupt) {
        awaits_rest = true;
      } else {
        broken = more.error();
      }
    }
    read.bytes += got;
    if (progress) progress(source);
    return got;
  };

  std::string head(kSniffBytes, '\0');
  std::size_t have = 0;
  while (have < head.size()) {
    const std::size_t got = next(std::span(head).subspan(have));
    if (got == 0) break;
    have += got;
  }
  head.resize(have);
  if (head.empty()) {
    if (broken) return *broken;
    if (growing) return read;
  }
  // The file has not grown since it was last read to its end: there is no format to detect.
  const bool at_end = head.empty() && source.start_offset() > 0;
  bool holds_traces = false;
  const Result<const Importer*> importer =
      at_end ? &AllImporters().front() : ChooseImporter(head, name, &holds_traces);
  if (!importer && broken) return *broken;
  // The file is being written, and its first line is not complete yet.
  const bool is_text = !importer || (*importer)->framing == Framing::kJsonValues;
  if (growing && is_text && head.size() < kSniffBytes && head.find('\n') == head.npos) return read;
  if (!importer && holds_traces) return importer.error();
  if (!importer) {
    read.no_traces = importer.error().message;
    return read;
  }

  Submitter submitter(source, key_of(head), pipeline);
  submitter.SetImporter(**importer);
  const std::unique_ptr<Framer> framer = MakeFramer((*importer)->framing);
  framer->StartAt(source.start_offset());
  if (source.start_offset() > 0 && (*importer)->framing == Framing::kCodexTurns) {
    framer->Recall(source.FirstLine(kMaxSpanBytes));
  }
  std::vector<RecordBatch> batches;
  framer->Feed(head, batches);
  head = {};
  if (Result<void> done = submitter.Take(batches); !done) return done.error();
  while (!stop.stop_requested()) {
    const std::size_t got = next(framer->Prepare());
    if (got == 0) break;
    framer->Commit(got, batches);
    if (Result<void> done = submitter.Take(batches); !done) return done.error();
  }
  read.stopped = stop.stop_requested();
  // After a disk error the rest may be readable later; after corrupt compression it never is.
  const bool cut_short = broken && broken->code != Code::kCorrupt;
  if (cut_short) read.broken = broken;
  const bool more_comes = growing || cut_short;
  if (!read.stopped) {
    framer->Finish(more_comes, batches);
    if (Result<void> done = submitter.Take(batches); !done) return done.error();
    if (broken) {
      submitter.Refuse({std::string(cut_short ? kUnreadableSource : kCorruptCompression),
                        source.start_offset() + read.bytes, broken->message.substr(0, 200)});
    }
  }
  Result<SourcePosition> position = submitter.Finish(!more_comes && !read.stopped);
  if (!position) return position.error();
  read.position = std::move(*position);
  return read;
}

}  // namespace halo
