// SPDX-License-Identifier: MIT
// Worker threads read records, compute facts and compress them. One thread commits the batches, a
// few at a time and in the order of submission, so that the stored position of a source is never
// ahead of its spans.
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

// Submit and Drain must be called from one thread. Store and rules must outlive the pipeline.
class Pipeline {
 public:
  // `project`: see BatchBuilder. Uses at least one worker. A commit waits `patience` for other
  // writers.
  Pipeline(Store& store, const Rules& rules, std::string project, int threads,
           Patience patience = kPatient);
  // From now on, counts what is submitted instead of storing it. Before the first Submit.
  void OnlyCount() { only_counts_ = true; }
  ~Pipeline();  // finishes submitted work first

  // Submits records of a source, and the position to store together with them. Blocks while too
  // much work is pending. Returns an earlier error, if any; after an error nothing more is stored.
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
  // Number of batches that can be committed next.
  std::size_t NextBuilt() const;
  bool GroupIsBuilt() const;
  std::vector<Batch> TakeGroup();

  Store& store_;
  const Rules& rules_;
  const std::string project_;
  const Patience patience_;
  const std::size_t limit_;  // of jobs in progress
  bool only_counts_ = false;

  mutable std::mutex mutex_;
  std::condition_variable work_, ready_, room_;
  std::deque<Job> jobs_;                         // submitted
  std::map<std::uint64_t, Batch> built_;         // by sequence
  std::uint64_t submitted_ = 0, committed_ = 0;  // counts, and thus the next sequence numbers
  std::uint64_t unread_bytes_ = 0;               // of jobs that are not built yet
  bool closing_ = false;
  std::optional<Error> error_;
  AppendReceipt receipt_;
  // Hashes of traces since the last Drain: a trace that arrives in several transactions counts
  // once, and as new if it was new in the first.
  std::unordered_set<std::uint64_t> created_, grown_;
  std::map<std::string, std::int64_t> rejects_;
  std::vector<std::jthread> workers_;
  std::jthread committer_;
};

}  // namespace halo
