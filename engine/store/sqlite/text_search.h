// SPDX-License-Identifier: MIT
// Looks for a text in the payloads of traces, block by block on several threads.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/store/sqlite/block_cache.h"
#include "engine/store/sqlite/readers.h"
#include "engine/store/text_matcher.h"

namespace halo {

struct TraceMatch {
  std::size_t index = 0;     // of the trace among those searched
  std::int64_t matches = 0;  // its spans that match
  // The first of them by (start, id), and the first value of it that matches.
  std::int64_t start_ns = 0;
  std::string span_id, path;
  TextRange range;
  std::string excerpt;
  std::uint32_t excerpt_offset = 0;
};

// `traces`: numbers of the store. Matches come in the order of the traces. Stops early, with what
// was found so far, when asked to. Throws as all in this folder.
std::vector<TraceMatch> SearchTraces(ReaderPool& readers, BlockCache& facts,
                                     std::span<const std::int64_t> traces,
                                     const TextMatcher& matcher, std::stop_token stop,
                                     DamageLog& damage);

}  // namespace halo
