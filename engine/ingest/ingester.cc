// SPDX-License-Identifier: MIT
#include "engine/ingest/ingester.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/importers/reject_reasons.h"
#include "engine/ingest/pipeline.h"
#include "engine/ingest/source_reader.h"
#include "engine/sources/byte_source.h"
#include "engine/sources/watcher.h"
#include "engine/store/span_codec.h"

namespace halo {
namespace {

constexpr std::string_view kStdin = "-";
// A growing source that has been quiet for so long is complete: what it holds has settled.
constexpr std::int64_t kQuietNs = kSettleNs;
// Changes are reported by the kernel; this catches those that it cannot see.
constexpr std::chrono::milliseconds kLookAgain(500);
// A writer that appends line by line should not cost one transaction a line.
constexpr std::chrono::milliseconds kGather(3);

std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A file that was imported into one project may be imported into another.
std::string KeyInProject(std::string key, const std::string& project) {
  if (!project.empty()) key += " in project " + project;
  return key;
}

// Nothing but what it holds tells one stream from another: what was lost of the first must not be
// taken for lost of the second.
std::string KeyOfStream(std::string_view head) {
  return "stdin:" + std::to_string(ContentHash(head));
}

void Add(const Pipeline& pipeline, IngestReport& report) {
  const AppendReceipt receipt = pipeline.receipt();
  report.spans.new_traces += receipt.new_traces;
  report.spans.grown_traces += receipt.grown_traces;
  report.spans.new_spans += receipt.new_spans;
  report.spans.repeated_spans += receipt.repeated_spans;
  for (const auto& [reason, count] : pipeline.rejects()) report.rejects[reason] += count;
}

// Errors of one input, after which the others go on.
bool IsOfTheInput(const Error& error) {
  return error.code == Code::kUnsupported || error.code == Code::kCorrupt ||
         error.code == Code::kInvalidArgument || error.code == Code::kNotFound;
}

struct FileState {
  std::int64_t size = -1, mtime_ns = -1;
};

FileState StateOf(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {status.st_size, status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec};
}

// Whether the user named the file itself, and not a folder that holds it.
bool IsNamed(std::span<const std::string> paths, const std::string& file) {
  return std::find(paths.begin(), paths.end(), file) != paths.end();
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Result<void> Ingester::Refuse(const std::string& key, const Error& error, std::string_view name,
                              IngestReport& report) {
  report.refused.push_back(error.message);
  const std::string reason(error.code == Code::kUnsupported ? kUnknownFormat
                           : error.code == Code::kCorrupt   ? kCorruptCompression
                                                            : kUnreadableSource);
  ++report.rejects[reason];
  Batch batch;
  batch.rejects.push_back({reason, 0, std::string(name.substr(0, 200))});
  batch.source.emplace();  // without a size: the next import looks again
  batch.source->key = key;
  batch.source->clear_rejects_from = 0;
  batch.arrived_ns = NowNs();
  const Result<AppendReceipt> stored = store_.Append(batch);
  if (!stored) return stored.error();
  return {};
}

Result<IngestReport> Ingester::Paths(std::span<const std::string> paths,
                                     const IngestOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  IngestReport report;
  std::vector<std::string> named, files;
  for (const std::string& path : paths) {
    if (path != kStdin) named.push_back(path);
  }
  if (!named.empty()) {
    Result<std::vector<std::string>> listed = ListFiles(named);
    if (!listed) return listed.error();
    files = std::move(*listed);
  }
  if (named.size() < paths.size()) files.emplace_back(kStdin);
  if (files.empty()) {
    return Error{Code::kNotFound,
                 "No files beneath the given paths. Name files or folders of "
                 "traces (OTLP/JSON, HALO JSONL; .gz and .zst are fine)."};
  }
  double total = 0, before = 0;
  for (const std::string& file : files) {
    total += static_cast<double>(std::max<std::int64_t>(StateOf(file).size, 0));
  }

  Pipeline pipeline(store_, rules_, options.project, threads_);
  const auto take = [&](const std::string& file, const std::string& key) -> Result<void> {
    std::unique_ptr<ByteSource> source;
    SourceKeyOf key_of = [&](std::string_view) { return key; };
    if (file == kStdin) {
      key_of = [&](std::string_view head) {
        return KeyInProject(KeyOfStream(head), options.project);
      };
      Result<std::unique_ptr<ByteSource>> opened = OpenStdin();
      if (!opened) return opened.error();
      source = std::move(*opened);
    } else {
      const auto known = store_.Source(key);
      if (!known) return known.error();
      Result<std::optional<std::unique_ptr<ByteSource>>> opened = OpenFile(file, *known);
      if (!opened) return opened.error();
      if (!*opened) {
        ++report.unchanged_files;
        return {};
      }
      source = std::move(**opened);
    }
    const auto tell = [&](const ByteSource& reading) {
      if (!options.progress) return;
      options.progress(before + static_cast<double>(reading.consumed()), total, "bytes read");
    };
    const Result<SourceRead> read =
        ReadSource(*source, key_of, file, false, pipeline, options.stop, tell);
    if (!read) return read.error();
    if (read->no_traces.empty()) {
      report.bytes += static_cast<std::int64_t>(read->bytes);
      return {};
    }
    if (IsNamed(paths, file)) return Error{Code::kUnsupported, read->no_traces};
    report.passed_over.push_back(file);
    return {};
  };

  for (const std::string& file : files) {
    if (options.stop.stop_requested()) break;
    ++report.files;
    const Result<std::string> key = file == kStdin ? Result<std::string>("stdin") : SourceKey(file);
    const std::string source_key = KeyInProject(key ? *key : "file:" + file, options.project);
    const Result<void> taken = key ? take(file, source_key) : Result<void>(key.error());
    if (!taken) {
      if (!IsOfTheInput(taken.error())) return taken.error();
      const Result<void> kept = Refuse(source_key, taken.error(), file, report);
      if (!kept) return kept.error();
    }
    before += static_cast<double>(std::max<std::int64_t>(StateOf(file).size, 0));
  }
  if (Result<void> drained = pipeline.Drain(); !drained) return drained.error();
  report.stopped = options.stop.stop_requested();
  Add(pipeline, report);
  report.seconds = SecondsSince(started);
  return report;
}

Result<IngestReport> Ingester::Bytes(std::string_view name, std::string_view bytes,
                                     const IngestOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  IngestReport report;
  report.files = 1;
  const std::unique_ptr<ByteSource> source = OpenBytes(name, bytes);
  std::string key = KeyInProject("bytes:" + std::string(name), options.project);
  Pipeline pipeline(store_, rules_, options.project, 1);
  const Result<SourceRead> read = ReadSource(*source, [&](std::string_view) { return key; }, name,
                                             options.growing, pipeline, options.stop, {});
  if (!read) return read.error();
  if (!read->no_traces.empty()) return Error{Code::kUnsupported, read->no_traces};
  if (Result<void> drained = pipeline.Drain(); !drained) return drained.error();
  report.bytes = static_cast<std::int64_t>(read->bytes);
  report.stopped = read->stopped;
  Add(pipeline, report);
  report.seconds = SecondsSince(started);
  return report;
}

Result<void> Ingester::Follow(std::span<const std::string> paths, const IngestOptions& options) {
  struct Followed {
    std::string key;
    std::unique_ptr<Lease> lease;
    FileState seen;           // when it was last read
    SourcePosition position;  // what the store has of it
    bool refused = false;     // as it was when last seen
  };
  std::map<std::string, Followed> followed;
  Pipeline pipeline(store_, rules_, options.project, threads_);
  Watcher watcher(paths);
  IngestReport report;

  const auto read_on = [&](const std::string& file, Followed& state,
                           const FileState& now) -> Result<void> {
    const auto known = store_.Source(state.key);
    if (!known) return known.error();
    state.seen = now;
    state.refused = false;
    if (*known) state.position = **known;
    Result<std::optional<std::unique_ptr<ByteSource>>> opened = OpenFile(file, *known);
    if (!opened) return opened.error();
    if (!*opened) return {};
    const bool growing = NowNs() - now.mtime_ns < kQuietNs;
    const Result<SourceRead> read =
        ReadSource(***opened, [&](std::string_view) { return state.key; }, file, growing, pipeline,
                   options.stop, {});
    if (!read) return read.error();
    if (!read->no_traces.empty()) {
      if (IsNamed(paths, file)) return Error{Code::kUnsupported, read->no_traces};
      state.refused = true;
    }
    if (read->position) state.position = *read->position;
    return {};
  };

  while (!options.stop.stop_requested()) {
    const Result<std::vector<std::string>> files = ListFiles(paths);
    if (!files && followed.empty()) return files.error();
    for (const std::string& file : files ? *files : std::vector<std::string>()) {
      if (options.stop.stop_requested()) break;
      Followed& state = followed[file];
      if (state.key.empty()) {
        const Result<std::string> key = SourceKey(file);
        if (!key) continue;  // gone again
        state.key = KeyInProject(*key, options.project);
      }
      if (!state.lease) {
        Result<std::unique_ptr<Lease>> lease = store_.TryLease("follow " + state.key);
        if (!lease) return lease.error();
        if (!*lease) continue;  // another process reads it for us
        state.lease = std::move(*lease);
      }
      const FileState now = StateOf(file);
      const bool changed = now.size != state.seen.size || now.mtime_ns != state.seen.mtime_ns;
      if (changed) {
        const Result<void> read = read_on(file, state, now);
        if (!read && !IsOfTheInput(read.error())) return read.error();
        if (!read) {
          state.refused = true;
          const Result<void> kept = Refuse(state.key, read.error(), file, report);
          if (!kept) return kept.error();
        }
      } else if (!state.refused && !state.position.key.empty() && !state.position.complete &&
                 NowNs() - now.mtime_ns >= kQuietNs) {
        state.position.complete = true;
        state.position.clear_rejects_from = UINT64_MAX;
        Batch settled;
        settled.source = state.position;
        settled.arrived_ns = NowNs();
        const Result<AppendReceipt> stored = store_.Append(settled);
        if (!stored) return stored.error();
      }
    }
    if (Result<void> drained = pipeline.Drain(); !drained) return drained.error();
    watcher.Wait(kLookAgain, options.stop);
    std::this_thread::sleep_for(kGather);
  }
  return {};
}

}  // namespace halo
