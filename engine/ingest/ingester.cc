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

#include "engine/codec/span_codec.h"
#include "engine/importers/all_importers.h"
#include "engine/ingest/pipeline.h"
#include "engine/ingest/refuse_source.h"
#include "engine/ingest/source_reader.h"
#include "engine/sources/byte_source.h"
#include "engine/sources/file_source.h"
#include "engine/sources/list_files.h"

namespace halo {
namespace {

constexpr std::string_view kStdin = "-";

// Streams are identified by their content, so that losses of one are not attributed to another.
std::string KeyOfStream(std::string_view head) {
  return "stdin:" + std::to_string(ContentHash(head));
}

void Add(const Pipeline& pipeline, IngestReport& report) {
  const AppendReceipt receipt = pipeline.receipt();
  report.spans.new_traces += receipt.new_traces;
  report.spans.grown_traces += receipt.grown_traces;
  report.spans.new_spans += receipt.new_spans;
  report.spans.repeated_spans += receipt.repeated_spans;
  report.spans.removed_spans += receipt.removed_spans;
  for (const auto& [reason, count] : pipeline.rejects()) report.rejects[reason] += count;
}

// Whether an error concerns one input only, so that the others can be read.
bool IsOfTheInput(const Error& error) {
  return error.code == Code::kUnsupported || error.code == Code::kCorrupt ||
         error.code == Code::kInvalidArgument || error.code == Code::kNotFound;
}

std::int64_t SizeOf(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_size : 0;
}

// Whether the user named the file itself, rather than a folder that contains it.
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
  ++report.rejects[std::string(RefusalReason(error))];
  return RefuseSource(store_, key, error, name, kPatient);
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
                 "No files found under the given paths. Give files or folders with traces (" +
                     FormatNames("or") + ", also as .gz or .zst)."};
  }
  double total = 0, before = 0;
  for (const std::string& file : files) {
    total += static_cast<double>(SizeOf(file));
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
    const auto report_progress = [&](const ByteSource& reading) {
      if (!options.progress) return;
      options.progress(before + static_cast<double>(reading.consumed()), total, "bytes read");
    };
    const Result<SourceRead> read =
        ReadSource(*source, key_of, file, false, pipeline, options.stop, report_progress);
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
    before += static_cast<double>(SizeOf(file));
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

}  // namespace halo
