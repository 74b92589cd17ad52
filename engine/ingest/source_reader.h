// SPDX-License-Identifier: MIT
// Reads one source to its present end and hands its records to a pipeline.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/ingest/pipeline.h"
#include "engine/sources/byte_source.h"

namespace halo {

struct SourceRead {
  std::uint64_t bytes = 0;  // decompressed
  bool stopped = false;
  // What kept the rest from being read. The source is not complete then, and can be read on.
  std::optional<Error> broken{};
  std::string no_traces;  // not empty: nothing was taken, since it is no traces; what it is instead
  // What to store of the source once the pipeline is drained; nullopt when nothing was taken.
  std::optional<SourcePosition> position;
};

// What a source is called in the store, given how it begins: 64 KB, or all of it.
using SourceKeyOf = std::function<std::string(std::string_view head)>;

// `name` is what a person calls the source. `growing`: an incomplete last line is left for a later
// read, and the source is not complete. Errors: kUnsupported for traces in a format that no
// importer takes, else what the store or the source said.
Result<SourceRead> ReadSource(ByteSource& source, const SourceKeyOf& key_of, std::string_view name,
                              bool growing, Pipeline& pipeline, const std::stop_token& stop,
                              const std::function<void(const ByteSource&)>& progress);

}  // namespace halo
