// SPDX-License-Identifier: MIT
// Reads one source to its current end and submits its records to a pipeline.
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
  // The error that ended the read early. The source is then not complete and can be resumed.
  std::optional<Error> broken{};
  std::string no_traces;  // not empty: the source has no traces; says what was found instead
  // Set if records were submitted.
  std::optional<SourcePosition> position;
};

// The key of a source in the store, given its first 64 KB, or all of it if it is shorter.
using SourceKeyOf = std::function<std::string(std::string_view head)>;

// `name` is the source's name for messages. `growing`: leaves an incomplete last line for a later
// read, and does not mark the source complete. Errors: kUnsupported for traces in an unsupported
// format, else errors of the store or the source.
Result<SourceRead> ReadSource(ByteSource& source, const SourceKeyOf& key_of, std::string_view name,
                              bool growing, Pipeline& pipeline, const std::stop_token& stop,
                              const std::function<void(const ByteSource&)>& progress);

}  // namespace halo
