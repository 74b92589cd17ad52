// SPDX-License-Identifier: MIT
// Searches the payloads of traces, block by block on several threads.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/model/question.h"
#include "engine/store/sqlite/block_cache.h"
#include "engine/store/sqlite/readers.h"
#include "engine/store/text_matcher.h"

namespace halo {

struct TraceMatch {
  std::size_t index = 0;  // of the trace in `traces`
  // Its spans that match. All by (start, id), if `detail` is kAllSpans; else only the first one.
  std::vector<SpanMatch> first;
  std::int64_t spans = 0, values = 0;
};
enum class MatchDetail : std::uint8_t { kFirstSpan, kAllSpans };

// `traces`: the store's numbers. Matches are in the order of `traces`, and incomplete if `stop` was
// requested. Throws like everything in this folder.
std::vector<TraceMatch> SearchTraces(ReaderPool& readers, BlockCache& facts,
                                     std::span<const std::int64_t> traces,
                                     const TextMatcher& matcher, const TextPattern& pattern,
                                     MatchDetail detail, std::stop_token stop, DamageLog& damage);

}  // namespace halo
