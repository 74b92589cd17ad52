// SPDX-License-Identifier: MIT
// The cost of each stage of an ingest, and the lower bound for any ingest.
#pragma once

#include <string>

namespace halo::bench {

// CPU seconds per GB of input on one thread; each stage without the previous ones.
struct Stages {
  double decode = 0, redact = 0, facts = 0, pack = 0;  // pack: encode, compress, analyse
};
Stages MeasureStages(const std::string& file);

// Seconds that simdjson's on-demand parser needs to decode every string in the lines of a file, on
// `threads` threads.
double DecodeLimit(const std::string& file, int threads);

// Size of the file in bytes, compressed with zstd level 3.
double ZstdSize(const std::string& file);

}  // namespace halo::bench
