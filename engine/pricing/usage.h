// SPDX-License-Identifier: MIT
// Converts token counts as emitted into tokens as billed. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/model/span_facts.h"
#include "engine/model/span_fields.h"

namespace halo {

// How the emitter counted cached tokens, and the rule that decided it. Positions are stored: append
// only.
enum class CacheRule : std::uint8_t {
  kNoCache,             // no cached tokens, nothing to decide
  kKnownInclusive,      // a marker of the emitter: input contains the cached tokens
  kKnownExclusive,      // a marker of the emitter: input excludes them
  kCacheExceedsInput,   // cached tokens > input: exclusive
  kTotalAddsCache,      // total = input + output + cached (+ reasoning): exclusive
  kTotalIsInputOutput,  // total = input + output (+ reasoning): inclusive
  kDefaultInclusive,    // nothing says otherwise: inclusive, as the convention defines it
};

std::string_view CacheRuleName(CacheRule rule);  // "known_inclusive", ...

struct CountedUsage {
  bool has_usage = false;    // a count above 0 was given
  bool has_unknown = false;  // a count that affects the cost was refused, so the cost is unknown
  TokenUsage usage;
  CacheRule rule = CacheRule::kNoCache;
  Readings readings = 0;
};

CountedUsage CountUsage(const SpanFields& fields);

}  // namespace halo
