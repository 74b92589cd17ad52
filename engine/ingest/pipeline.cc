// SPDX-License-Identifier: MIT
#include "engine/ingest/pipeline.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/ingest/batch_builder.h"

namespace halo {
namespace {

// Batches per transaction. Trace keys are random, so every transaction rewrites most of their
// index, whatever its size.
constexpr std::size_t kGroup = 8;
// Jobs in progress beyond one group and one per worker.
constexpr std::size_t kJobsAhead = 4;
// Bytes of records that may be waiting or being read: a few chunks, or one huge record.
constexpr std::uint64_t kMaxUnread = 16 << 20;

std::uint64_t BytesOf(const RecordBatch& records) {
  return records.end_offset - records.begin_offset;
}

// What `group` holds, as the receipt of an append: its traces count as grown.
AppendReceipt WouldAppend(const std::vector<Batch>& group) {
  AppendReceipt receipt;
  std::unordered_set<std::uint64_t> traces;
  for (const Batch& batch : group) {
    for (const Segment& segment : batch.segments) {
      const std::uint64_t trace = MixHash(Fnv1a(segment.key.project), Fnv1a(segment.key.trace_id));
      receipt.new_spans += segment.span_count;
      if (traces.insert(trace).second) receipt.grown.push_back(trace);
    }
  }
  receipt.grown_traces = static_cast<std::int64_t>(receipt.grown.size());
  return receipt;
}

}  // namespace

// The state that a worker keeps between jobs.
class Pipeline::Reader {
 public:
  Reader(const Rules& rules, const std::string& project) : builder_(rules, project) {}

  Batch Read(Job& job) {
    auto& reader = readers_[job.importer];
    if (!reader) reader = job.importer->make_reader();
    for (std::size_t i = 0; i < job.records.records.size(); ++i) {
      builder_.SetClipped(job.records.clipped[i]);
      reader->Read(job.records.records[i], builder_);
    }
    for (Reject& reject : job.records.rejects) builder_.OnReject(std::move(reject));
    Batch batch = builder_.Take();
    batch.source = std::move(job.position);
    batch.arrived_ns = NowNs();
    return batch;
  }

 private:
  BatchBuilder builder_;
  std::map<const Importer*, std::unique_ptr<RecordReader>> readers_;
};

Pipeline::Pipeline(Store& store, const Rules& rules, std::string project, int threads,
                   Patience patience)
    : store_(store),
      rules_(rules),
      project_(std::move(project)),
      patience_(patience),
      limit_(static_cast<std::size_t>(std::max(threads, 1)) + kGroup + kJobsAhead) {
  try {
    for (int i = 0; i < std::max(threads, 1); ++i) workers_.emplace_back([this] { Work(); });
    committer_ = std::jthread([this] { Commit(); });
  } catch (...) {
    Close();  // ends the threads that were started
    throw;
  }
}

Pipeline::~Pipeline() { Close(); }

void Pipeline::Close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  work_.notify_all();
  ready_.notify_all();
}

Result<void> Pipeline::Submit(const Importer& importer, RecordBatch records,
                              SourcePosition position) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return submitted_ - committed_ < limit_ && unread_bytes_ < kMaxUnread; });
  if (error_) return *error_;
  unread_bytes_ += BytesOf(records);
  jobs_.push_back({submitted_++, &importer, std::move(records), std::move(position)});
  work_.notify_one();
  return {};
}

Result<void> Pipeline::Drain() {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return committed_ == submitted_; });
  created_.clear();
  grown_.clear();
  if (error_) return *error_;
  return {};
}

AppendReceipt Pipeline::receipt() const {
  const std::lock_guard lock(mutex_);
  return receipt_;
}

std::map<std::string, std::int64_t> Pipeline::rejects() const {
  const std::lock_guard lock(mutex_);
  return rejects_;
}

void Pipeline::Work() {
  std::unique_ptr<Reader> reader;
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [&] { return closing_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    const std::uint64_t bytes = BytesOf(job.records);
    Batch batch;
    if (!error_) {
      lock.unlock();
      std::optional<Error> failure;
      try {
        if (!reader) reader = std::make_unique<Reader>(rules_, project_);
        batch = reader->Read(job);
      } catch (const std::bad_alloc&) {
        failure = Error{Code::kUnavailable, "out of memory"};  // short: needs no allocation
      }
      job.records = RecordBatch();  // free its memory for the next one
      lock.lock();
      if (failure && !error_) error_ = std::move(failure);
    }
    unread_bytes_ -= bytes;
    room_.notify_one();
    built_.emplace(job.sequence, std::move(batch));
    if (GroupIsBuilt()) ready_.notify_one();
  }
}

std::size_t Pipeline::NextBuilt() const {
  std::size_t count = 0;
  for (auto next = built_.begin(); next != built_.end() && next->first == committed_ + count;
       ++next) {
    ++count;
  }
  return count;
}

// A group may be smaller than kGroup if nothing else is in progress.
bool Pipeline::GroupIsBuilt() const {
  const std::size_t count = NextBuilt();
  return count >= kGroup || (count > 0 && committed_ + count == submitted_);
}

std::vector<Batch> Pipeline::TakeGroup() {
  std::vector<Batch> group;
  for (std::size_t left = NextBuilt(); left > 0; --left) {
    group.push_back(std::move(built_.begin()->second));
    built_.erase(built_.begin());
  }
  return group;
}

void Pipeline::Count(const AppendReceipt& receipt) {
  receipt_ += receipt;
  receipt_.grown_traces -= receipt.grown_traces;
  created_.insert(receipt.created.begin(), receipt.created.end());
  for (const std::uint64_t trace : receipt.grown) {
    if (!created_.contains(trace) && grown_.insert(trace).second) ++receipt_.grown_traces;
  }
}

void Pipeline::Commit() {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [&] { return GroupIsBuilt() || (closing_ && committed_ == submitted_); });
    const std::vector<Batch> group = TakeGroup();
    if (group.empty()) return;
    if (!error_) {
      lock.unlock();
      const Result<AppendReceipt> receipt =
          only_counts_ ? WouldAppend(group) : store_.Append(group, patience_);
      lock.lock();
      if (receipt) {
        Count(*receipt);
        for (const Batch& batch : group) {
          for (const Reject& reject : batch.rejects) ++rejects_[reject.reason];
        }
      } else {
        error_ = receipt.error();
      }
    }
    committed_ += group.size();
    room_.notify_all();
  }
}

}  // namespace halo
