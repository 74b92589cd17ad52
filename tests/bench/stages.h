// SPDX-License-Identifier: MIT
// The cost of each stage of an ingest, and the lower bound for any ingest.
#pragma once

#include <string>

namespace halo::bench {

// CPU seconds for a GB of input on one thread; each stage without those before it.
struct Stages {
  double decode = 0, redact = 0, facts = 0, pack = 0;  // pack: encode, compress, analyse
};
Stages MeasureStages(const std::string& file);

// Seconds that simdjson's on-demand parser takes to decode every string of the lines of a file,
// with `threads` threads.
double DecodeLimit(const std::string& file, int threads);

// Size of the file under zstd level 3.
double ZstdSize(const std::string& file);

}  // namespace halo::bench
