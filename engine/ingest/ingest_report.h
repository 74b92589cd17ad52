// SPDX-License-Identifier: MIT
// What an ingest is told, and what it tells.
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

// Done and to do, in the unit of the work (bytes of input, traces), and what is being done.
using Progress = std::function<void(double done, double total, std::string_view what)>;

struct IngestOptions {
  std::string project;   // empty: by attribute, else "default"
  bool growing = false;  // IngestBytes: more will come, so its traces are not settled by this
  Progress progress;
  std::stop_token stop;
};

struct IngestReport {
  std::int64_t files = 0;
  std::int64_t unchanged_files = 0;  // read before, nothing new
  std::int64_t bytes = 0;            // decompressed and read
  AppendReceipt spans;
  std::map<std::string, std::int64_t> rejects;  // by reason
  // Files that could not be taken at all, with what was seen and what is accepted.
  std::vector<std::string> refused;
  // Files of a folder that are no traces, such as a README.
  std::vector<std::string> passed_over;
  bool stopped = false;
  double seconds = 0;
};

}  // namespace halo
