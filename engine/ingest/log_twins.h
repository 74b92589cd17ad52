// SPDX-License-Identifier: MIT
// Spans that were made from log records (model/from_log.h), whose own spans have come under other
// ids: a record does not always say of which span it is. They describe one call, and must not count
// twice.
//
//   - A tool: the same id of the call; of several spans with it, the outermost.
//   - A model call: the same tokens, and of several the one that ended nearest in time. Failed
//     calls without tokens: the nearest failed one that ended within a second.
//   - A turn: the agent's span of the same session that began nearest in time.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/model/span_facts.h"
#include "engine/model/string_pool.h"

namespace halo {

// Whether any span was made from log records or has some as events.
bool HasLogs(std::span<const SpanFacts> spans);
// Whether all were made from log records.
bool AreFromLogs(std::span<const SpanFacts> spans);

// Whether there are both spans from log records and others. Cheap.
bool MayHaveLogTwins(std::span<const SpanFacts> spans);

// The ids of the calls of these tool spans, given as indexes of `spans`.
using CallIdsOf = std::function<std::vector<std::string>(const std::vector<std::size_t>& spans)>;

// Gives each twin the id of its own span, so that the two merge as versions of one. Independent of
// the order of the spans. Returns whether there were any.
bool RelabelLogTwins(std::span<SpanFacts> spans, const StringPool& words,
                     const CallIdsOf& call_ids);

}  // namespace halo
