// SPDX-License-Identifier: MIT
// Keeps traces. The verbs are in the product's terms: no SQL, no row ids, no open cursors.
// Each question is one aggregate round trip and each write is idempotent, so that a distributed
// database can implement the same contract (tests/contract).
//
// Thread-safe. Several processes may open the same store. A write that returned survives a crash of
// the process; see Durability.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/fix.h"
#include "engine/model/label.h"
#include "engine/model/observed_run.h"
#include "engine/model/question.h"
#include "engine/model/reject.h"
#include "engine/model/source_position.h"
#include "engine/model/trace_summary.h"
#include "engine/model/triage.h"

namespace halo {

struct Bottlenecks;
struct CohortQuestion;
struct Cohorts;

// Spans of one trace that arrived together.
struct Segment {
  TraceKey key;
  std::int32_t span_count = 0;
  // Its facts: `span_count` rows of a table of the batch, from `first_row`.
  std::int32_t table = 0;
  std::int64_t first_row = 0;
  // Hashes of id and content of each span, which distinguish repeated spans from new ones.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> versions;
  // The analysis of these spans alone, used if the trace is new to the store.
  std::optional<TraceSummary> summary;
};

// A unit of writing.
struct Batch {
  std::vector<Segment> segments;  // at most one per trace
  // Tables of EncodeFacts, compressed by CompressBlock; payload.block counts from 0 within the
  // batch.
  std::vector<std::string> facts;
  std::vector<std::string> payloads;  // blocks of encoded spans, compressed by CompressBlock
  std::vector<Reject> rejects;
  std::optional<SourcePosition> source;
  std::int64_t arrived_ns = 0;
};

struct AppendReceipt {
  std::int64_t new_traces = 0, grown_traces = 0;
  std::int64_t new_spans = 0, repeated_spans = 0;
  std::int64_t removed_spans = 0;  // not stored, since their traces were removed (RemoveTraces)
  // Hashes of the keys of the traces counted above, so that a trace that comes in several appends
  // can be counted once. Not summed.
  std::vector<std::uint64_t> created, grown;

  AppendReceipt& operator+=(const AppendReceipt& more) {
    new_traces += more.new_traces;
    grown_traces += more.grown_traces;
    new_spans += more.new_spans;
    repeated_spans += more.repeated_spans;
    removed_spans += more.removed_spans;
    return *this;
  }
};

struct StaleTrace {
  TraceKey key;
  std::int64_t spans = 0;           // stored
  std::int64_t analysed_spans = 0;  // when it was last analysed
  std::int64_t arrived_ns = 0;      // of the newest segment
  bool complete = false;            // the source of its newest segment was read to its end
};

struct StoredTrace {
  TraceKey key;
  std::int64_t generation = 0;  // changes with every append
  bool stale = false;           // it has grown since it was analysed, or was never analysed
  std::shared_ptr<StringPool> words;
  std::vector<SpanFacts> spans;          // all versions; payload.block is the store's
  std::vector<Label> labels;             // given by users and agents, oldest first
  std::optional<SourcePosition> source;  // of the newest segment
  std::int64_t arrived_ns = 0;
  std::int32_t segments = 0;
  std::int32_t revised_spans = 0;  // span ids that were received with more than one content
  // Payloads that are not stored: spans whose versions were merged for this reading only. Their
  // block is UnstoredBlock of the index.
  std::vector<std::string> unstored;
};

inline std::int64_t UnstoredBlock(std::size_t index) {
  return -2 - static_cast<std::int64_t>(index);
}
inline bool IsUnstored(const PayloadRef& ref) { return ref.block <= -2; }
inline std::size_t UnstoredIndex(const PayloadRef& ref) {
  return static_cast<std::size_t>(-2 - ref.block);
}

struct AnalysedTrace {
  TraceKey key;
  std::int64_t generation = 0;  // of the StoredTrace that it was made from; ignored if outdated
  TraceSummary summary;
  std::int64_t spans = 0;
  // If set, replaces all segments of the trace: versions were merged, or facts recomputed.
  std::string facts;
  // Added to the store's known versions. It never forgets one, so a version that was merged
  // away still counts as repeated when it arrives again.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> versions;
};

// Released when it is destroyed or its process dies.
class Lease {
 public:
  virtual ~Lease() = default;
};

// The label that counts, the last of `labels`; null if there is none or it was taken back.
inline const Label* LabelThatCounts(const std::vector<Label>& labels) {
  return labels.empty() || labels.back().outcome == Outcome::kUnknown ? nullptr : &labels.back();
}

struct LabelledTrace {
  TraceKey key;                // whole
  std::optional<Label> label;  // that counts
};

struct RemovalReceipt {
  std::int64_t traces = 0, spans = 0;
};

struct RejectCount {
  std::string reason;
  std::int64_t count = 0;
  std::string source, detail;  // of the first by (source, offset)
  std::uint64_t offset = 0;
};

// Parts of a store that fail their checksums or are missing. Answers omit their contents until they
// are ingested again.
struct StoreDamage {
  std::string part;  // damaged_page, damaged_payload_block, missing_segment, ...
  std::int64_t count = 0;
  std::string detail;
};

struct StoreInfo {
  std::string url;
  int schema_version = 0;
  std::int64_t bytes = 0;          // on disk
  std::int64_t used_bytes = 0;     // of the file, without the space that ReclaimSpace gives back
  std::int64_t payload_bytes = 0;  // decoded size of all payloads
  std::int64_t traces = 0, spans = 0, stale_traces = 0, sources = 0;
};

// What a write that returned survives.
enum class Durability : std::uint8_t {
  kProcess,    // a crash of the process
  kPowerLoss,  // also a crash of the machine: it is on the disk
};

// How long a write waits for other writers before it fails with kUnavailable.
using Patience = std::chrono::milliseconds;
inline constexpr Patience kPatient{60'000};

class Store {
 public:
  virtual ~Store() = default;

  // Drops spans that are already known (same project, trace, span and content). One transaction.
  virtual Result<AppendReceipt> Append(std::span<const Batch> batches, Patience patience,
                                       Durability durability) = 0;
  Result<AppendReceipt> Append(std::span<const Batch> batches, Patience patience) {
    return Append(batches, patience, Durability::kProcess);
  }
  Result<AppendReceipt> Append(std::span<const Batch> batches) { return Append(batches, kPatient); }
  Result<AppendReceipt> Append(const Batch& batch) { return Append({&batch, 1}, kPatient); }
  virtual Result<std::optional<SourcePosition>> Source(std::string_view key) = 0;
  // Gives a source another key, with its position and rejects: a file was renamed. False, and
  // nothing changes, if there is no such source or the new key is taken.
  virtual Result<bool> MoveSource(std::string_view from, std::string_view to) = 0;

  // Traces that changed since they were analysed, oldest change first.
  virtual Result<std::vector<StaleTrace>> StaleTraces(std::size_t limit) = 0;
  virtual Result<void> PutAnalyses(std::span<const AnalysedTrace> analyses, Patience patience) = 0;
  Result<void> PutAnalyses(std::span<const AnalysedTrace> analyses) {
    return PutAnalyses(analyses, kPatient);
  }
  // Marks every trace as stale; keeps the payloads.
  virtual Result<void> MarkAllStale() = 0;

  // kNotFound names the nearest ids. An empty project means any.
  virtual Result<StoredTrace> LoadTrace(const TraceKey& key) = 0;
  // The keys of traces named as for LoadTrace, in their order, each with its own error.
  virtual Result<std::vector<Result<LabelledTrace>>> FindTraces(std::span<const TraceKey> keys) = 0;
  // With the user's label, if any.
  virtual Result<TraceSummary> LoadSummary(const TraceKey& key) = 0;
  // The same for many traces, in their order, each with its own error.
  virtual Result<std::vector<Result<TraceSummary>>> LoadSummaries(
      std::span<const TraceKey> keys) = 0;
  // Encoded spans (DecodeSpan) in the order of `refs`.
  virtual Result<std::vector<std::string>> ReadPayloads(std::span<const PayloadRef> refs) = 0;
  // Compressed blocks of spans rewritten by a merge; returns the id of the first.
  virtual Result<std::int64_t> AppendPayloads(std::span<const std::string> blocks,
                                              Patience patience) = 0;
  Result<std::int64_t> AppendPayloads(std::span<const std::string> blocks) {
    return AppendPayloads(blocks, kPatient);
  }

  virtual Result<OverviewStats> Overview(const Question& question) = 0;
  // Modes in at least one settled trace, by id. With `only`, just that one; if it occurs in the
  // store but not in the question, it has no units and only counts eligible ones.
  virtual Result<std::vector<ModeStats>> Modes(const Question& question, ModeId only = 0) = 0;
  // Both from the same moment.
  virtual Result<std::pair<OverviewStats, std::vector<ModeStats>>> OverviewAndModes(
      const Question& question, ModeId only = 0) = 0;
  virtual Result<std::vector<OperationStats>> Operations(const Question& question,
                                                         OperationGroup group) = 0;
  // The settled runs of two sides; see engine/model/cohorts.h.
  virtual Result<Cohorts> Compare(const CohortQuestion& question) = 0;
  virtual Result<halo::Bottlenecks> Bottlenecks(const Question& question) = 0;
  virtual Result<TracePage> Traces(const Question& question, TraceSort sort, std::size_t limit,
                                   std::string_view cursor) = 0;
  // Newest first. `progress` gets the number of traces done and the total.
  virtual Result<SearchPage> Search(const Question& question, const TextPattern& pattern,
                                    std::size_t limit, std::string_view cursor,
                                    std::stop_token stop,
                                    const std::function<void(double, double)>& progress) = 0;

  // In one transaction. A label that repeats the one that counts is not kept again. Returns how
  // many name a known trace.
  virtual Result<std::int64_t> PutLabels(std::span<const Label> labels) = 0;

  // Settled traces of the question, those that started first at first. A trace whose start is
  // unknown counts as started when its newest span arrived, also for until_ns of the filter.
  virtual Result<std::vector<AgedTrace>> OldestTraces(const Question& question,
                                                      std::size_t limit) = 0;
  // Removes traces with their labels, in one transaction; those that got spans meanwhile remain.
  // Their spans are dropped if they arrive again, until ForgetRemovals.
  virtual Result<RemovalReceipt> RemoveTraces(std::span<const AgedTrace> traces) = 0;
  // Gives the space of removed traces back to the file system, in short transactions. It can be
  // stopped at any time; the next call does what is left.
  virtual Result<void> ReclaimSpace(std::stop_token stop) = 0;
  // Accepts the spans of removed traces again, and forgets how far sources were read, so that
  // ingesting them again restores the traces. Returns the number of traces that were forgotten.
  virtual Result<std::int64_t> ForgetRemovals() = 0;

  virtual Result<void> PutTriage(const Triage& triage) = 0;
  virtual Result<std::vector<Triage>> Triages() = 0;

  // False, and nothing changes, if there is a fix of that id.
  virtual Result<bool> PutFix(const Fix& fix) = 0;
  // In the order in which they were recorded.
  virtual Result<std::vector<Fix>> Fixes() = 0;
  // Adds to the runs (RunHash) that entered the observations of a target of a fix.
  virtual Result<void> EnterRuns(std::string_view fix, std::size_t target,
                                 std::span<const std::uint64_t> runs) = 0;
  // By target; may be shorter than the fix has targets.
  virtual Result<std::vector<std::set<std::uint64_t>>> EnteredRuns(std::string_view fix) = 0;
  // All settled runs of the question; those that also pass `after` are marked. A run is eligible
  // for a target as for an entry (Modes) of the target's own modes.
  virtual Result<ObservedRuns> ObserveRuns(const Question& question, const TraceFilter& after,
                                           std::span<const FixTarget> targets) = 0;

  virtual Result<std::vector<RejectCount>> Rejects() = 0;

  // Small named values, such as the analysis configuration and the stamp of its versions.
  virtual Result<std::optional<std::string>> Setting(std::string_view name) = 0;
  virtual Result<void> PutSetting(std::string_view name, std::string_view value) = 0;

  // Null while another process holds the lease of that name, such as that of following a source.
  virtual Result<std::unique_ptr<Lease>> TryLease(std::string_view name) = 0;

  // Fails with kUnavailable if a write could not begin within `patience`.
  virtual Result<void> AwaitTurn(Patience patience) = 0;
  // Fails with kUnavailable once the store was deleted or replaced while it was open; the message
  // says what to do. A replacement that can be opened safely becomes the store.
  virtual Result<void> CheckIntact() = 0;
  // Whether the replacement can be opened while this store is still open.
  virtual bool MayReopen() const { return false; }
  // The number of replacements opened so far. A change invalidates what was cached from the store.
  virtual int replacements() const { return 0; }

  // Shows a line to other processes that have the store open, until this process ends or posts an
  // empty one. The line is kept outside the store, so it works while the store cannot be written.
  virtual Result<void> PostNotice(std::string_view text) = 0;
  // The lines of other processes.
  virtual std::vector<std::string> Notices() = 0;

  virtual Result<StoreInfo> Info() = 0;
  // The damage that reads met since the store was opened or repaired. Cheap.
  virtual std::vector<StoreDamage> Damage() = 0;
  // Changes with every write, of any process, that may change an answer. Cheap.
  virtual Result<std::int64_t> Sequence() = 0;
};

// Reads and verifies the whole store; empty if it is sound. Works even if OpenStore fails.
Result<std::vector<StoreDamage>> VerifyStore(std::string_view url);
// Removes the damage that VerifyStore finds and forgets how far sources were read, so that
// ingesting them again restores what was lost; until then it is counted among the rejects. Readers
// may go on meanwhile, writers wait. Returns what was damaged.
Result<std::vector<StoreDamage>> RepairStore(std::string_view url);

}  // namespace halo
