// SPDX-License-Identifier: MIT
#include "engine/ingest/ingester.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
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
  if (key.empty()) return {};
  return RefuseSource(store_, key, error, name, kPatient);
}

struct Ingester::Input {
  std::string name;
  bool is_named = false;  // by the user, rather than found in a folder
  // Its source, unless it has not changed since it was read. Sets the key as soon as it is known.
  std::function<Result<std::optional<std::unique_ptr<ByteSource>>>(std::string& key)> open;
  double bytes = 0;
  SourceKeyOf key_of{};  // of a stream, which is known by its content
};

Result<IngestReport> Ingester::Paths(std::span<const std::string> paths,
                                     const IngestOptions& options) {
  std::vector<std::string> named, files;
  for (const std::string& path : paths) {
    if (path != kStdin) named.push_back(path);
  }
  if (!named.empty()) {
    Result<std::vector<std::string>> listed = ListFiles(named);
    if (!listed) return listed.error();
    files = std::move(*listed);
  }
  std::vector<Input> inputs;
  for (const std::string& file : files) {
    const auto open = [this, &options, file](
                          std::string& key) -> Result<std::optional<std::unique_ptr<ByteSource>>> {
      const Result<std::string> file_key = SourceKey(file);
      key = KeyInProject(file_key ? *file_key : "file:" + file, options.project);
      if (!file_key) return file_key.error();
      const auto known = store_.Source(key);
      if (!known) return known.error();
      return OpenFile(file, *known);
    };
    inputs.push_back({file, IsNamed(paths, file), open, static_cast<double>(SizeOf(file))});
  }
  if (named.size() < paths.size()) {
    const auto open = [](std::string& key) -> Result<std::optional<std::unique_ptr<ByteSource>>> {
      key = "stdin";
      Result<std::unique_ptr<ByteSource>> opened = OpenStdin();
      if (!opened) return opened.error();
      return std::optional(std::move(*opened));
    };
    const auto key_of = [&options](std::string_view head) {
      return KeyInProject(KeyOfStream(head), options.project);
    };
    inputs.push_back({std::string(kStdin), true, open, 0, key_of});
  }
  return TakeAll(inputs, options);
}

Result<IngestReport> Ingester::Beneath(const RootedFiles& files, const IngestOptions& options) {
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < files.names().size(); ++i) {
    const auto open = [this, &options, &files,
                       i](std::string& key) -> Result<std::optional<std::unique_ptr<ByteSource>>> {
      key = KeyInProject("file:" + files.names()[i], options.project);
      const Result<int> descriptor = files.OpenFile(i);
      if (!descriptor) return descriptor.error();
      Result<std::string> file_key = SourceKey(*descriptor);
      if (!file_key) file_key = "file:" + files.names()[i];
      key = KeyInProject(*file_key, options.project);
      const auto known = store_.Source(key);
      if (!known) {
        ::close(*descriptor);
        return known.error();
      }
      return OpenDescriptor(*descriptor, *file_key, files.names()[i], *known);
    };
    inputs.push_back(
        {files.names()[i], files.is_file(), open, static_cast<double>(files.SizeOf(i))});
  }
  return TakeAll(inputs, options);
}

Result<IngestReport> Ingester::TakeAll(const std::vector<Input>& inputs,
                                       const IngestOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  IngestReport report;
  if (inputs.empty()) {
    return Error{Code::kNotFound,
                 "No files found under the given paths. Give files or folders with traces (" +
                     FormatNames("or") + ", also as .gz or .zst)."};
  }
  double total = 0, before = 0;
  for (const Input& input : inputs) total += input.bytes;

  Pipeline pipeline(store_, rules_, options.project, threads_);
  if (options.dry_run) pipeline.OnlyCount();
  const auto take = [&](const Input& input, std::string& key) -> Result<void> {
    const Result<std::optional<std::unique_ptr<ByteSource>>> opened = input.open(key);
    if (!opened) return opened.error();
    if (!*opened) {
      ++report.unchanged_files;
      return {};
    }
    SourceKeyOf key_of = [&](std::string_view) { return key; };
    if (input.key_of) key_of = input.key_of;
    const auto report_progress = [&](const ByteSource& reading) {
      if (!options.progress) return;
      options.progress(before + static_cast<double>(reading.consumed()), total, "bytes read");
    };
    const Result<SourceRead> read =
        ReadSource(***opened, key_of, input.name, false, pipeline, options.stop, report_progress);
    if (!read) return read.error();
    if (read->no_traces.empty()) {
      report.bytes += static_cast<std::int64_t>(read->bytes);
      return {};
    }
    if (input.is_named) return Error{Code::kUnsupported, read->no_traces};
    report.passed_over.push_back(input.name);
    return {};
  };

  for (const Input& input : inputs) {
    if (options.stop.stop_requested()) break;
    ++report.files;
    std::string key;
    const Result<void> taken = take(input, key);
    if (!taken) {
      if (!IsOfTheInput(taken.error())) return taken.error();
      const Result<void> kept =
          Refuse(options.dry_run ? "" : key, taken.error(), input.name, report);
      if (!kept) return kept.error();
    }
    before += input.bytes;
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
