// SPDX-License-Identifier: MIT
#include "engine/ingest/puller.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/base/clock.h"
#include "engine/codec/span_codec.h"
#include "engine/framing/record.h"
#include "engine/importers/importer.h"
#include "engine/importers/langfuse_json.h"
#include "engine/importers/phoenix_json.h"
#include "engine/ingest/pipeline.h"
#include "engine/ingest/refuse_source.h"
#include "engine/json/json_space.h"

namespace halo {
namespace {

// Reads the documents of a service. They are not sniffed: a trace may begin with a long input.
const Importer& ImporterOf(Service service) {
  return service == Service::kLangfuse ? kLangfuseJson : kPhoenixJson;
}

// The time span that has been pulled, in the terms of a SourcePosition: [offset, mtime), both in
// nanoseconds since 1970. `complete`: up to the time when it was asked for.
struct Pulled {
  std::int64_t from_ns = 0, until_ns = 0;
  bool complete = false;
};

std::optional<Pulled> ToPulled(const std::optional<SourcePosition>& position) {
  if (!position) return std::nullopt;
  return Pulled{static_cast<std::int64_t>(position->offset), position->mtime_ns,
                position->complete};
}

// Where to begin: `report` gets the window, `known` what the position says from now on.
void ChooseWindow(const PullOptions& options, Pulled& known, bool has_known, PullReport& report) {
  report.from_ns = options.from_ns.value_or(0);
  const std::int64_t now_ns = NowNs();
  report.to_ns = std::min(options.to_ns.value_or(now_ns), now_ns);  // the future is not read yet
  const bool joins = has_known && !options.again && report.from_ns >= known.from_ns &&
                     report.from_ns <= known.until_ns;
  if (!joins) {
    known = {report.from_ns, report.from_ns, false};
    return;
  }
  // Times at the service have milliseconds, and an interrupted pull has read its overlap.
  const std::int64_t overlap_ns =
      known.complete ? std::chrono::nanoseconds(options.overlap).count() : 1'000'000'000;
  report.resumed = true;
  report.from_ns = std::max({report.from_ns, known.from_ns, known.until_ns - overlap_ns});
  known.until_ns = report.from_ns;  // until the overlap is read, too
}

// Submits batches to the pipeline, each with the position after it.
class Submitter {
 public:
  Submitter(std::string key, Pulled known, Pipeline& pipeline, const Importer& importer)
      : key_(std::move(key)), known_(known), pipeline_(pipeline), importer_(importer) {}

  Result<void> Take(const PulledBatch& batch) {
    for (std::size_t begin = 0; begin < batch.documents.size();) {
      std::size_t end = begin, bytes = 0;
      while (end < batch.documents.size() && (end == begin || bytes < kChunkBytes)) {
        bytes += batch.documents[end++].json.size() + kJsonPadding;
      }
      // The position is that of the whole batch, so only its last part has it.
      if (end == batch.documents.size()) Advance(batch.reached_ns);
      Result<void> done = Submit({batch.documents.data() + begin, end - begin}, bytes, false);
      if (!done) return done;
      begin = end;
    }
    if (batch.documents.empty()) Advance(batch.reached_ns);
    return {};
  }

  // The window is read to its end.
  Result<void> Finish(std::int64_t to_ns) {
    Advance(to_ns);
    return Submit({}, 0, true);
  }

 private:
  void Advance(std::int64_t reached_ns) { known_.until_ns = std::max(known_.until_ns, reached_ns); }

  Result<void> Submit(std::span<const PulledDocument> documents, std::size_t bytes, bool complete) {
    RecordBatch records;
    records.bytes = std::make_unique<char[]>(bytes + kJsonPadding);
    char* at = records.bytes.get();
    for (const PulledDocument& document : documents) {
      char* const end = std::copy(document.json.begin(), document.json.end(), at);
      std::fill_n(end, kJsonPadding, ' ');
      Record& record = records.records.emplace_back();
      record.bytes = {at, document.json.size()};
      // Rejects are known by their offset: apart from those of other traces, and the same when the
      // trace is read again.
      record.offset = ContentHash(document.trace_id) >> 32 << 26;
      records.clipped.push_back(false);
      at += document.json.size() + kJsonPadding;
    }
    records.end_offset = bytes;
    SourcePosition position;
    position.key = key_;
    position.offset = static_cast<std::uint64_t>(known_.from_ns);
    position.mtime_ns = known_.until_ns;
    position.complete = complete;
    return pipeline_.Submit(importer_, std::move(records), std::move(position));
  }

  const std::string key_;
  Pulled known_;
  Pipeline& pipeline_;
  const Importer& importer_;
};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Reads the source to its end, or until an error or a stop.
Result<void> ReadAll(PullSource& source, Submitter& submitter, const PullOptions& options,
                     PullReport& report) {
  while (true) {
    const Result<std::optional<PulledBatch>> batch = source.Next(options.stop);
    if (!batch) return batch.error();
    if (!*batch) return submitter.Finish(report.to_ns);
    if (Result<void> taken = submitter.Take(**batch); !taken) return taken;
    report.traces += (*batch)->traces;
    report.spans += (*batch)->spans;
    if (!options.progress) continue;
    options.progress(static_cast<double>(report.traces),
                     static_cast<double>(source.total_traces().value_or(0)), "traces read");
  }
}

}  // namespace

Result<PullReport> PullTraces(Store& store, const Rules& rules, int threads,
                              const ServiceConnection& connection, const PullOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  const Result<Credentials> credentials = FindCredentials(connection, options.environment);
  if (!credentials) return credentials.error();
  const std::string url = FindUrl(connection, options.environment);
  const Result<std::string> source_key = PullKey(connection, url, *credentials);
  if (!source_key) return source_key.error();
  const std::string key = KeyInProject(*source_key, connection.project);
  const Result<std::unique_ptr<Lease>> lease = store.TryLease("pull " + key);
  if (!lease) return lease.error();
  if (!*lease) {
    return Error{Code::kUnavailable, "Another process is importing from this connection"};
  }
  const Result<std::optional<SourcePosition>> position = store.Source(key);
  if (!position) return position.error();

  PullReport report;
  const std::optional<Pulled> stored = ToPulled(*position);
  Pulled known = stored.value_or(Pulled());
  ChooseWindow(options, known, stored.has_value(), report);
  // The last pull may have read beyond `to`, even when its overlap is read again.
  if (report.from_ns >= report.to_ns) {
    report.from_ns = report.to_ns;
    report.notes.push_back("Nothing that started in this time is left to read.");
    if (options.dry_run) report.found = {.traces = 0, .spans = 0};
    report.seconds = SecondsSince(started);
    return report;
  }
  Result<std::unique_ptr<PullSource>> source =
      OpenPullSource(connection, url, *credentials, {report.from_ns, report.to_ns}, options.pace);
  if (!source) return source.error();
  if (options.dry_run) {
    const Result<PullTotals> totals = (*source)->Count(options.stop);
    if (!totals) return totals.error();
    report.found = *totals;
    report.seconds = SecondsSince(started);
    return report;
  }

  Pipeline pipeline(store, rules, connection.project, threads);
  Submitter submitter(key, known, pipeline, ImporterOf(connection.service));
  const Result<void> read = ReadAll(**source, submitter, options, report);
  if (Result<void> drained = pipeline.Drain(); !drained) return drained.error();
  report.stopped = options.stop.stop_requested();
  report.stored = pipeline.receipt();
  report.rejects = pipeline.rejects();
  report.notes = (*source)->notes();
  report.seconds = SecondsSince(started);
  if (read || report.stopped) return report;
  if (report.traces == 0 && report.stored.new_spans == 0) return read.error();
  report.broken = read.error();
  return report;
}

}  // namespace halo
