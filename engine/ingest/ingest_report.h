// SPDX-License-Identifier: MIT
// Options and result of an ingest.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.h"

namespace halo {

// Work done and total work, in `what` (such as bytes or traces).
using Progress = std::function<void(double done, double total, std::string_view what)>;

struct IngestOptions {
  std::string project;   // empty: by attribute, else "default"
  bool growing = false;  // IngestBytes: more input follows, so do not settle its traces
  bool dry_run = false;  // only count: nothing is stored; the traces found count as grown,
                         // their spans as new
  Progress progress;
  std::stop_token stop;
};

struct IngestReport {
  std::int64_t files = 0;
  std::int64_t unchanged_files = 0;  // read before, nothing new
  std::int64_t bytes = 0;            // read, after decompression
  AppendReceipt spans;
  std::map<std::string, std::int64_t> rejects;  // by reason
  // For each refused file, a message with what was found and which formats are accepted.
  std::vector<std::string> refused;
  // Files of a folder without traces, such as a README.
  std::vector<std::string> passed_over;
  bool stopped = false;
  double seconds = 0;
};

}  // namespace halo
