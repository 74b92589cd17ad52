// SPDX-License-Identifier: MIT
#include "engine/export_traces.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/importers/otlp_json_writer.h"
#include "engine/semconv/conventions.h"

namespace halo {
namespace {

constexpr std::size_t kTracesAtOnce = 200;
constexpr std::size_t kSpansAtOnce = 512;       // in one line
constexpr std::size_t kBytesAtOnce = 4u << 20;  // of encoded spans in one line

class Exporter {
 public:
  Exporter(Engine& engine, const Question& question, const ExportSink& sink)
      : engine_(engine), question_(question), sink_(sink) {}

  Result<ExportReport> Run(const Progress& progress) {
    std::string cursor;
    do {
      Result<TracePage> page = engine_.Traces(question_, TraceSort::kNewest, kTracesAtOnce, cursor);
      if (!page) return page.error();
      for (const TraceRow& row : page->rows) {
        if (question_.stop.stop_requested()) break;
        if (const Result<void> done = Write(row.key); !done) return done.error();
        if (progress) {
          progress(static_cast<double>(report_.traces), static_cast<double>(page->matched),
                   "traces exported");
        }
      }
      cursor = std::move(page->next_cursor);
    } while (!cursor.empty() && !question_.stop.stop_requested());
    report_.stopped = question_.stop.stop_requested();
    return report_;
  }

 private:
  Result<void> Write(const TraceKey& key) {
    const Result<TraceReading> trace = engine_.ReadTrace(key, question_.stop);
    if (!trace) return Lost(trace.error());
    const std::vector<SpanFacts>& spans = trace->trace.spans;
    for (std::size_t begin = 0, end = 0; begin < spans.size(); begin = end) {
      std::size_t bytes = 0;
      for (end = begin; end < spans.size() && end - begin < kSpansAtOnce; ++end) {
        bytes += spans[end].payload_bytes;
        if (end > begin && bytes > kBytesAtOnce) break;
      }
      const Result<void> done = WriteSpans(*trace, begin, end);
      if (!done) return Lost(done.error());
    }
    ++report_.traces;
    if (!sink_.label) return {};
    for (Label label : trace->stored.labels) {
      label.key = trace->stored.key;
      if (!sink_.label(label)) return CannotWrite();
    }
    return {};
  }

  Error CannotWrite() {
    cannot_write_ = true;
    return {Code::kUnavailable, "cannot write the export"};
  }

  // What cannot be read of one trace does not end the export.
  Result<void> Lost(const Error& error) {
    if (cannot_write_) return error;
    if (error.code == Code::kCancelled) return {};
    ++report_.lost_traces;
    return {};
  }

  Result<void> WriteSpans(const TraceReading& trace, std::size_t begin, std::size_t end) {
    std::vector<SpanIndex> indexes;
    for (std::size_t i = begin; i < end; ++i) indexes.push_back(static_cast<SpanIndex>(i));
    const Result<std::vector<OwnedSpan>> owned = engine_.ReadSpans(trace, indexes);
    if (!owned) return owned.error();
    std::vector<Span> spans;
    spans.reserve(owned->size());
    for (const OwnedSpan& one : *owned) {
      spans.push_back(one.span());
      NameProject(trace.stored.key.project, spans.back());
    }
    std::vector<const Span*> pointers;
    for (const Span& span : spans) pointers.push_back(&span);
    line_.clear();
    writer_.AppendRequest(pointers, line_);
    line_ += '\n';
    if (!sink_.line(line_)) return CannotWrite();
    report_.spans += static_cast<std::int64_t>(spans.size());
    report_.bytes += static_cast<std::int64_t>(line_.size());
    return {};
  }

  // Says the project in the span, if its attributes do not.
  void NameProject(std::string_view project, Span& span) {
    const std::string_view said = conventions_.Read(span).project;
    if (project == (said.empty() ? "default" : said)) return;
    span.attributes.push_back({"halo.project", Value::Text(project)});
  }

  Engine& engine_;
  const Question& question_;
  const ExportSink& sink_;
  Conventions conventions_;
  OtlpJsonWriter writer_;
  std::string line_;
  ExportReport report_;
  bool cannot_write_ = false;
};

}  // namespace

Result<ExportReport> ExportTraces(Engine& engine, const Question& question, const ExportSink& sink,
                                  const Progress& progress) {
  return Exporter(engine, question, sink).Run(progress);
}

}  // namespace halo
