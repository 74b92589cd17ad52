// SPDX-License-Identifier: MIT
#include "engine/ingest/pipeline.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include "engine/ingest/batch_builder.h"

namespace halo {
namespace {

// Jobs beyond those in the workers' hands: what they do while a commit waits for its turn.
constexpr std::size_t kJobsAhead = 4;

std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void Add(const AppendReceipt& more, AppendReceipt& sum) {
  sum.new_traces += more.new_traces;
  sum.grown_traces += more.grown_traces;
  sum.new_spans += more.new_spans;
  sum.repeated_spans += more.repeated_spans;
}

}  // namespace

// What a worker keeps from job to job.
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

Pipeline::Pipeline(Store& store, const Rules& rules, std::string project, int threads)
    : store_(store),
      rules_(rules),
      project_(std::move(project)),
      limit_(static_cast<std::size_t>(std::max(threads, 1)) + kJobsAhead) {
  try {
    for (int i = 0; i < std::max(threads, 1); ++i) workers_.emplace_back([this] { Work(); });
    committer_ = std::jthread([this] { Commit(); });
  } catch (...) {
    Close();  // those that there are wait for work
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
  room_.wait(lock, [&] { return submitted_ - committed_ < limit_; });
  if (error_) return *error_;
  jobs_.push_back({submitted_++, &importer, std::move(records), std::move(position)});
  work_.notify_one();
  return {};
}

Result<void> Pipeline::Drain() {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return committed_ == submitted_; });
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
    Batch batch;
    if (!error_) {
      lock.unlock();
      std::optional<Error> failure;
      try {
        if (!reader) reader = std::make_unique<Reader>(rules_, project_);
        batch = reader->Read(job);
      } catch (const std::bad_alloc&) {
        failure = Error{Code::kUnavailable, "out of memory"};  // short, so that it needs none
      }
      job.records = RecordBatch();  // its memory is wanted for the next one
      lock.lock();
      if (failure && !error_) error_ = std::move(failure);
    }
    built_.emplace(job.sequence, std::move(batch));
    if (NextIsBuilt()) ready_.notify_one();
  }
}

void Pipeline::Commit() {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [&] { return NextIsBuilt() || (closing_ && committed_ == submitted_); });
    if (!NextIsBuilt()) return;
    const Batch batch = std::move(built_.begin()->second);
    built_.erase(built_.begin());
    if (!error_) {
      lock.unlock();
      Result<AppendReceipt> receipt = store_.Append(batch);
      lock.lock();
      if (receipt) {
        Add(*receipt, receipt_);
        for (const Reject& reject : batch.rejects) ++rejects_[reject.reason];
      } else {
        error_ = receipt.error();
      }
    }
    ++committed_;
    room_.notify_all();
  }
}

}  // namespace halo
