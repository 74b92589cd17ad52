// SPDX-License-Identifier: MIT
// The report that `halo-mcp ingest --json` prints. `rejects` counts what was skipped, by reason.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "schemas/fields.h"

namespace halo::wire {

struct IngestReport {
  std::int64_t files = 0, unchanged_files = 0, bytes = 0;
  std::int64_t new_traces = 0, grown_traces = 0, new_spans = 0, repeated_spans = 0;
  std::int64_t pruned_spans = 0;  // of traces that were pruned: not stored again
  std::map<Words, std::int64_t> rejects;
  std::vector<TraceText> refused, passed_over;
  bool stopped = false;
  double seconds = 0;

  static constexpr auto Fields() {
    using Self = IngestReport;
    return std::tuple{Field("files", &Self::files),
                      Field("unchanged_files", &Self::unchanged_files),
                      Field("bytes", &Self::bytes),
                      Field("new_traces", &Self::new_traces),
                      Field("grown_traces", &Self::grown_traces),
                      Field("new_spans", &Self::new_spans),
                      Field("repeated_spans", &Self::repeated_spans),
                      Field("pruned_spans", &Self::pruned_spans),
                      Field("rejects", &Self::rejects),
                      Field("refused", &Self::refused),
                      Field("passed_over", &Self::passed_over),
                      Field("stopped", &Self::stopped),
                      Field("seconds", &Self::seconds)};
  }
};

}  // namespace halo::wire
