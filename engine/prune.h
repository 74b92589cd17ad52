// SPDX-License-Identifier: MIT
// Retention: removes whole settled traces, those that started first at first.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/base/result.h"
#include "engine/ingest/ingest_report.h"
#include "engine/store/store.h"

namespace halo {

struct PruneOptions {
  std::optional<std::string> project;     // absent: traces of all projects
  std::optional<std::int64_t> before_ns;  // remove all that started earlier
  std::optional<std::int64_t> max_bytes;  // then the oldest, until the store's file is this small
  bool dry_run = false;                   // only count
  Progress progress;
  std::stop_token stop;
};

struct PruneReport {
  std::int64_t traces = 0, spans = 0;         // removed
  std::int64_t oldest_ns = 0, newest_ns = 0;  // when they started; 0: there are none
  std::int64_t bytes_before = 0;              // of the store on disk
  std::int64_t bytes_after = 0;               // an estimate, if nothing was removed
  bool too_large = false;  // max_bytes was not reached: no more traces may be removed
  bool stopped = false;
};

// `question`: with the present and the rule of settling.
Result<PruneReport> PruneStore(Store& store, const Question& question, const PruneOptions& options);

}  // namespace halo
