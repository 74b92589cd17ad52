// SPDX-License-Identifier: MIT
// Where traces live. About a dozen verbs in the words of the product: no SQL, no row ids, no open
// cursors, each question one aggregate round trip, each write idempotent, so that a distributed
// engine can stand behind the same contract (tests/contract).
//
// Thread-safe. Several processes may open the same store. A write that returned has survived a
// crash of the process.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/analysis/trace_summary.h"
#include "engine/importers/importer.h"
#include "engine/result.h"
#include "engine/store/question.h"

namespace halo {

// How far an input has been read. `key` names it for ever ("file:/canonical/path", "stdin", ...).
struct SourcePosition {
  std::string key;
  std::uint64_t offset = 0;  // decompressed bytes consumed
  std::uint64_t size = 0;    // of the file as stored
  std::int64_t mtime_ns = 0;
  std::uint64_t head_hash = 0;  // of the first min(4096, offset) bytes
  std::uint64_t tail_hash = 0;  // of the min(4096, offset) bytes before offset
  bool resumable = false;       // line-framed and uncompressed: can go on from offset
  bool complete = false;        // read to its end: its traces are settled
  std::uint64_t clear_rejects_from = UINT64_MAX;  // rejects at or after it are forgotten first
};

// Spans of one trace that came together.
struct Segment {
  TraceKey key;
  std::int32_t span_count = 0;
  // Where its facts stand: `span_count` rows from `first_row` on, of a table of the batch.
  std::int32_t table = 0;
  std::int64_t first_row = 0;
  // Span id and content hash of each span, hashed: what tells a repeated span from a new one.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> versions;
  // Analysis of just these spans; used if the trace turns out to be new.
  std::optional<TraceSummary> summary;
};

// What is written together.
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
  // The traces counted, by a hash of their keys, so that one that comes in several appends can be
  // counted once. Not summed up.
  std::vector<std::uint64_t> created, grown;

  AppendReceipt& operator+=(const AppendReceipt& more) {
    new_traces += more.new_traces;
    grown_traces += more.grown_traces;
    new_spans += more.new_spans;
    repeated_spans += more.repeated_spans;
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
  std::shared_ptr<Words> words;
  std::vector<SpanFacts> spans;          // all versions; payload.block is the store's
  std::optional<Outcome> label;          // what the user said of it
  std::optional<SourcePosition> source;  // of the newest segment
  std::int64_t arrived_ns = 0;
  std::int32_t segments = 0;
  std::int32_t revised_spans = 0;  // span ids of which more than one content was ever received
};

struct AnalysedTrace {
  TraceKey key;
  std::int64_t generation = 0;  // of the StoredTrace it was made from; ignored if no longer current
  TraceSummary summary;
  std::int64_t spans = 0;
  // When set, takes the place of all segments of the trace: versions united, or facts recomputed.
  std::string facts;
  // Added to those the store knows, which it keeps for ever: a version that was merged away is
  // still a repeated one when it comes again.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> versions;
};

// Held until it is destroyed or its process dies.
class Lease {
 public:
  virtual ~Lease() = default;
};

struct Label {
  TraceKey key;  // empty project: any
  Outcome outcome = Outcome::kUnknown;
};

enum class TriageStatus : std::uint8_t { kOpen, kAccepted, kIgnored };

struct Triage {
  ModeId mode = 0;
  TriageStatus status = TriageStatus::kOpen;
  std::string reason;
  std::int64_t decided_ns = 0;
  std::int64_t expires_ns = 0;  // 0: never
};

struct RejectCount {
  std::string reason;
  std::int64_t count = 0;
  std::string source, detail;  // of the first one by (source, offset)
  std::uint64_t offset = 0;
};

struct StoreInfo {
  std::string url;
  int schema_version = 0;
  std::int64_t bytes = 0;          // on disk
  std::int64_t payload_bytes = 0;  // decoded size of all payloads
  std::int64_t traces = 0, spans = 0, stale_traces = 0, sources = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Spans already known (same project, trace, span and content) are dropped. One transaction.
  virtual Result<AppendReceipt> Append(std::span<const Batch> batches) = 0;
  Result<AppendReceipt> Append(const Batch& batch) { return Append({&batch, 1}); }
  virtual Result<std::optional<SourcePosition>> Source(std::string_view key) = 0;

  // Traces that changed since they were analysed, oldest change first.
  virtual Result<std::vector<StaleTrace>> StaleTraces(std::size_t limit) = 0;
  virtual Result<void> PutAnalyses(std::span<const AnalysedTrace> analyses) = 0;
  // Marks every trace as stale; the payloads stay.
  virtual Result<void> MarkAllStale() = 0;

  // kNotFound names the nearest ids. An empty project means any.
  virtual Result<StoredTrace> LoadTrace(const TraceKey& key) = 0;
  // With its label, where it has one.
  virtual Result<TraceSummary> LoadSummary(const TraceKey& key) = 0;
  // Encoded spans (DecodeSpan) in the order of `refs`.
  virtual Result<std::vector<std::string>> ReadPayloads(std::span<const PayloadRef> refs) = 0;
  // Compressed blocks of spans rewritten by a merge; returns the id of the first.
  virtual Result<std::int64_t> AppendPayloads(std::span<const std::string> blocks) = 0;

  virtual Result<OverviewStats> Overview(const Question& question) = 0;
  // Modes in at least one settled trace, by id. With `only`, that one; where the question has none
  // of it but the store does, with no units and those that are eligible.
  virtual Result<std::vector<ModeStats>> Modes(const Question& question, ModeId only = 0) = 0;
  // Both of the same moment.
  virtual Result<std::pair<OverviewStats, std::vector<ModeStats>>> OverviewAndModes(
      const Question& question, ModeId only = 0) = 0;
  virtual Result<std::vector<OperationStats>> Operations(const Question& question,
                                                         OperationGroup group) = 0;
  virtual Result<TracePage> Traces(const Question& question, TraceSort sort, std::size_t limit,
                                   std::string_view cursor) = 0;
  // Newest first. `progress` gets traces done and to do.
  virtual Result<SearchPage> Search(const Question& question, const TextPattern& pattern,
                                    std::size_t limit, std::string_view cursor,
                                    std::stop_token stop,
                                    const std::function<void(double, double)>& progress) = 0;

  virtual Result<std::int64_t> PutLabels(
      std::span<const Label> labels) = 0;  // how many are known traces
  virtual Result<void> PutTriage(const Triage& triage) = 0;
  virtual Result<std::vector<Triage>> Triages() = 0;
  virtual Result<std::vector<RejectCount>> Rejects() = 0;

  // Small named values, such as the analysis configuration and the stamp of its versions.
  virtual Result<std::optional<std::string>> Setting(std::string_view name) = 0;
  virtual Result<void> PutSetting(std::string_view name, std::string_view value) = 0;

  // Null while another process holds the lease of that name: who follows a source, for example.
  virtual Result<std::unique_ptr<Lease>> TryLease(std::string_view name) = 0;

  virtual Result<StoreInfo> Info() = 0;
  // Another number after every write that may change an answer, by this or another process. Cheap.
  virtual Result<std::int64_t> Sequence() = 0;
};

// `url` is "sqlite:PATH" or a plain path. Creates the folder (0700) and file (0600). A store made
// by a newer program is refused, an older one is migrated in place.
Result<std::unique_ptr<Store>> OpenStore(std::string_view url);

}  // namespace halo
