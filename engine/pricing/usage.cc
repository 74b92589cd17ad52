// SPDX-License-Identifier: MIT
#include "engine/pricing/usage.h"

#include <algorithm>

#include "engine/pricing/price_table.h"

namespace halo {
namespace {

__extension__ using Wide = __int128;

// No call has more tokens. A larger count is an error.
constexpr std::int64_t kMaxTokens = 10'000'000'000;

// The counts of a span; 0 for one that is missing or impossible.
struct Counts {
  std::int64_t input = 0, output = 0, total = 0;
  std::int64_t cache_read = 0, cache_write = 0, reasoning = 0;
};

// The counts that input and output exclude.
struct Outside {
  bool cache_read = false, cache_write = false, reasoning = false;

  std::int64_t Of(const Counts& c) const {
    return (cache_read ? c.cache_read : 0) + (cache_write ? c.cache_write : 0) +
           (reasoning ? c.reasoning : 0);
  }
  bool cache() const { return cache_read || cache_write; }
};

// The combinations that a total can prove, the likeliest first. The first that fits counts.
constexpr Outside kPlaces[] = {
    {false, false, false}, {true, true, false},  {false, false, true}, {true, true, true},
    {false, true, false},  {true, false, false}, {false, true, true},  {true, false, true},
};

// Whether no part is larger than the whole.
bool IsPossible(const Counts& c, const Outside& outside) {
  const std::int64_t cached_inside =
      (outside.cache_read ? 0 : c.cache_read) + (outside.cache_write ? 0 : c.cache_write);
  return cached_inside <= c.input && (outside.reasoning || c.reasoning <= c.output);
}

const Outside* FindProof(const Counts& c) {
  if (c.total == 0) return nullptr;
  for (const Outside& outside : kPlaces) {
    if (!IsPossible(c, outside)) continue;
    if (c.total == c.input + c.output + outside.Of(c)) return &outside;
  }
  return nullptr;
}

CacheRule DecideCache(const SpanFields& fields, const Counts& c, const Outside* proof,
                      Outside& outside) {
  const std::int64_t cached = c.cache_read + c.cache_write;
  if (cached == 0) return CacheRule::kNoCache;
  // If the emitter's total always excludes cached tokens, it proves nothing about them.
  const bool proves = proof != nullptr && (proof->cache() || !fields.total_leaves_cache_out);
  if (proves) {
    outside.cache_read = proof->cache_read;
    outside.cache_write = proof->cache_write;
    if (proof->cache()) return CacheRule::kTotalAddsCache;
    return fields.input_includes_cache ? CacheRule::kKnownInclusive
                                       : CacheRule::kTotalIsInputOutput;
  }
  const bool exceeds = cached > c.input;
  const bool leaves_out = fields.input_excludes_cache && !fields.input_includes_cache;
  outside.cache_read = outside.cache_write = exceeds || leaves_out;
  if (leaves_out) return CacheRule::kKnownExclusive;
  if (exceeds) return CacheRule::kCacheExceedsInput;
  return fields.input_includes_cache ? CacheRule::kKnownInclusive : CacheRule::kDefaultInclusive;
}

Reading DecideThoughts(const SpanFields& fields, const Counts& c, const Outside* proof,
                       Outside& outside) {
  if (c.reasoning > c.output) {
    outside.reasoning = true;
    return proof != nullptr ? Reading::kTotalAddsThoughts : Reading::kThoughtsExceedOutput;
  }
  if (proof != nullptr) {
    outside.reasoning = proof->reasoning;
    return proof->reasoning ? Reading::kTotalAddsThoughts : Reading::kTotalIncludesReasoning;
  }
  outside.reasoning = fields.output_leaves_thoughts_out;
  return fields.output_leaves_thoughts_out ? Reading::kReasoningKnownExcluded
                                           : Reading::kReasoningAssumedIncluded;
}

bool IsRefused(std::int64_t given) { return given == kRefusedCount || given > kMaxTokens; }

}  // namespace

std::string_view CacheRuleName(CacheRule rule) {
  switch (rule) {
    case CacheRule::kNoCache:
      return "no_cache";
    case CacheRule::kKnownInclusive:
      return "known_inclusive";
    case CacheRule::kKnownExclusive:
      return "known_exclusive";
    case CacheRule::kCacheExceedsInput:
      return "cache_exceeds_input";
    case CacheRule::kTotalAddsCache:
      return "total_adds_cache";
    case CacheRule::kTotalIsInputOutput:
      return "total_is_input_output";
    case CacheRule::kDefaultInclusive:
      return "default_inclusive";
  }
  return "";
}

CountedUsage CountUsage(const SpanFields& fields) {
  CountedUsage counted;
  bool any_given = false;
  const auto take = [&](std::int64_t given) {
    any_given = any_given || given >= 0;
    if (IsRefused(given)) counted.readings |= BitOf(Reading::kRefusedCount);
    return IsRefused(given) ? 0 : std::max<std::int64_t>(given, 0);
  };
  Counts c{take(fields.input_tokens),       take(fields.output_tokens),
           take(fields.total_tokens),       take(fields.cache_read_tokens),
           take(fields.cache_write_tokens), take(fields.reasoning_tokens)};
  const bool knows_input = fields.input_tokens >= 0 && !IsRefused(fields.input_tokens);
  const bool knows_output = fields.output_tokens >= 0 && !IsRefused(fields.output_tokens);
  const bool refused_sum = IsRefused(fields.input_tokens) || IsRefused(fields.output_tokens) ||
                           (IsRefused(fields.total_tokens) && !knows_input && !knows_output);
  counted.has_unknown =
      refused_sum || IsRefused(fields.cache_read_tokens) || IsRefused(fields.cache_write_tokens);
  if (refused_sum && (c.total == 0 || (!knows_input && !knows_output))) return counted;
  if (c.input + c.output + c.total + c.cache_read + c.cache_write + c.reasoning == 0) {
    if (any_given) counted.readings |= BitOf(Reading::kZeroUsage);
    return counted;
  }
  counted.has_usage = true;
  if (!knows_input) c.input = std::max<std::int64_t>(0, c.total - c.output);
  if (!knows_output) c.output = std::max<std::int64_t>(0, c.total - c.input);
  // If a count was derived from the total, the total proves nothing.
  if (!knows_input || !knows_output) c.total = 0;
  if (refused_sum) counted.has_unknown = false;

  Outside outside;
  const Outside* const proof = FindProof(c);
  counted.rule = DecideCache(fields, c, proof, outside);
  if (c.reasoning > 0) counted.readings |= BitOf(DecideThoughts(fields, c, proof, outside));
  if (c.total > 0 && c.total != c.input + c.output &&
      c.total != c.input + c.output + outside.Of(c)) {
    counted.readings |= BitOf(Reading::kTotalUnexplained);
  }

  TokenUsage& usage = counted.usage;
  usage.input =
      c.input + (outside.cache_read ? c.cache_read : 0) + (outside.cache_write ? c.cache_write : 0);
  usage.output = c.output + (outside.reasoning ? c.reasoning : 0);
  usage.cache_read = std::min(c.cache_read, usage.input);
  usage.cache_write = std::min(c.cache_write, usage.input - usage.cache_read);
  usage.reasoning = c.reasoning;
  return counted;
}

const Rates& Price::For(std::int64_t input_tokens) const {
  const Rates* rates = this;
  for (const LongContextRates& tier : tiers) {
    if (tier.above > 0 && input_tokens > tier.above) rates = &tier.rates;
  }
  return *rates;
}

std::int64_t CostNanoUsd(const Price& price, const TokenUsage& usage) {
  const std::int64_t fresh =
      std::max<std::int64_t>(0, usage.input - usage.cache_read - usage.cache_write);
  const Rates& rates = price.For(usage.input);
  const Wide total = Wide{fresh} * rates.input + Wide{usage.cache_read} * rates.cache_read +
                     Wide{usage.cache_write} * rates.cache_write +
                     Wide{usage.output} * rates.output;
  constexpr Wide kMillion = 1'000'000;
  return static_cast<std::int64_t>(
      std::clamp<Wide>((total + kMillion / 2) / kMillion, 0, kMostNanoUsd));
}

}  // namespace halo
