// SPDX-License-Identifier: MIT
// Workers that read, judge and compress records on all cores, and one that commits what they made,
// a few batches at a time, in the order in which they were submitted, so that a source's position
// never runs ahead of its spans.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "engine/base/result.h"
#include "engine/framing/record.h"
#include "engine/importers/importer.h"
#include "engine/ingest/rules.h"
#include "engine/store/store.h"

namespace halo {

// Submit and Drain are for one thread. Store and rules must outlive the pipeline.
class Pipeline {
 public:
  // `project`: see BatchBuilder. At least one worker. A commit waits `patience` for other writers.
  Pipeline(Store& store, const Rules& rules, std::string project, int threads,
           Patience patience = kPatient);
  ~Pipeline();  // what was submitted is finished first

  // Takes records of a source with the position to store once they are. Blocks while the workers
  // are behind. Returns an earlier error; after one nothing more is stored.
  Result<void> Submit(const Importer& importer, RecordBatch records, SourcePosition position);
  // Waits until everything submitted is stored.
  Result<void> Drain();

  // Both are complete after Drain.
  AppendReceipt receipt() const;
  std::map<std::string, std::int64_t> rejects() const;  // by reason

 private:
  struct Job {
    std::uint64_t sequence = 0;
    const Importer* importer = nullptr;
    RecordBatch records;
    SourcePosition position;
  };
  class Reader;
  void Work();
  void Commit();
  void Count(const AppendReceipt& receipt);
  void Close();
  // Batches that can be committed next.
  std::size_t NextBuilt() const;
  bool GroupIsBuilt() const;
  std::vector<Batch> TakeGroup();

  Store& store_;
  const Rules& rules_;
  const std::string project_;
  const Patience patience_;
  const std::size_t limit_;  // jobs under way

  mutable std::mutex mutex_;
  std::condition_variable work_, ready_, room_;
  std::deque<Job> jobs_;                         // submitted
  std::map<std::uint64_t, Batch> built_;         // by sequence
  std::uint64_t submitted_ = 0, committed_ = 0;  // counts, and so the next sequences
  std::uint64_t unread_bytes_ = 0;               // of jobs that are not built
  bool closing_ = false;
  std::optional<Error> error_;
  AppendReceipt receipt_;
  // Hashes of traces since the last Drain: one that came in several transactions counts once, and
  // as new where it was new in the first.
  std::unordered_set<std::uint64_t> created_, grown_;
  std::map<std::string, std::int64_t> rejects_;
  std::vector<std::jthread> workers_;
  std::jthread committer_;
};

}  // namespace halo
