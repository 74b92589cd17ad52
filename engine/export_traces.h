// SPDX-License-Identifier: MIT
// Writes stored traces as OTLP/JSON, one ExportTraceServiceRequest a line. An ingest of these lines
// into an empty store gives the same answers, except for what is known of the input alone: what was
// refused of it, how often spans were revised, and which of them were clipped.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "engine/engine.h"

namespace halo {

struct ExportReport {
  std::int64_t traces = 0, spans = 0, bytes = 0;
  std::int64_t lost_traces = 0;  // listed, but pruned or damaged when they were read
  bool stopped = false;
};

// Both return false if they cannot write, which ends the export with kUnavailable.
struct ExportSink {
  std::function<bool(std::string_view line)> line;  // with its line feed
  // Gets the labels of each trace, oldest first. May be empty.
  std::function<bool(const Label& label)> label{};
};

// Newest traces first. Memory is bounded by the largest span, a few MB of others, and the facts of
// one trace.
Result<ExportReport> ExportTraces(Engine& engine, const Question& question, const ExportSink& sink,
                                  const Progress& progress);

}  // namespace halo
