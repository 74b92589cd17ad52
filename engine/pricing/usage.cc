// SPDX-License-Identifier: MIT
#include <algorithm>

#include "engine/pricing/price_table.h"

namespace halo {
namespace {

__extension__ using Wide = __int128;

// No call has more tokens; larger counts are noise and count nothing.
constexpr std::int64_t kMaxTokens = 10'000'000'000;

std::int64_t Count(std::int64_t given) {
  return given > kMaxTokens ? 0 : std::max<std::int64_t>(given, 0);
}

CacheRule DecideCacheRule(const SpanFields& fields, std::int64_t input, std::int64_t output,
                          std::int64_t cached) {
  if (cached == 0) return CacheRule::kNoCache;
  if (fields.input_includes_cache) return CacheRule::kKnownInclusive;
  if (fields.input_excludes_cache) return CacheRule::kKnownExclusive;
  if (cached > input) return CacheRule::kCacheExceedsInput;
  if (fields.total_tokens == input + output + cached) return CacheRule::kTotalAddsCache;
  if (fields.total_tokens == input + output) return CacheRule::kTotalIsInputOutput;
  return CacheRule::kDefaultInclusive;
}

bool IsExclusive(CacheRule rule) {
  return rule == CacheRule::kKnownExclusive || rule == CacheRule::kCacheExceedsInput ||
         rule == CacheRule::kTotalAddsCache;
}

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
  counted.has_usage = fields.input_tokens >= 0 || fields.output_tokens >= 0 ||
                      fields.total_tokens >= 0 || fields.cache_read_tokens >= 0 ||
                      fields.cache_write_tokens >= 0;
  if (!counted.has_usage) return counted;

  TokenUsage& usage = counted.usage;
  usage.output = Count(fields.output_tokens);
  usage.input = Count(fields.input_tokens);
  if (fields.input_tokens < 0) usage.input = Count(fields.total_tokens - usage.output);
  if (fields.output_tokens < 0) usage.output = Count(fields.total_tokens - usage.input);
  usage.cache_read = Count(fields.cache_read_tokens);
  usage.cache_write = Count(fields.cache_write_tokens);
  usage.reasoning = std::min(Count(fields.reasoning_tokens), usage.output);

  const std::int64_t cached = usage.cache_read + usage.cache_write;
  counted.rule = DecideCacheRule(fields, usage.input, usage.output, cached);
  if (IsExclusive(counted.rule)) {
    usage.input += cached;
  } else {
    // A marker may say that input holds more cached tokens than it has.
    usage.cache_read = std::min(usage.cache_read, usage.input);
    usage.cache_write = std::min(usage.cache_write, usage.input - usage.cache_read);
  }
  return counted;
}

std::int64_t CostNanoUsd(const Price& price, const TokenUsage& usage) {
  const std::int64_t fresh =
      std::max<std::int64_t>(0, usage.input - usage.cache_read - usage.cache_write);
  const Wide total = Wide{fresh} * price.input + Wide{usage.cache_read} * price.cache_read +
                     Wide{usage.cache_write} * price.cache_write +
                     Wide{usage.output} * price.output;
  constexpr Wide kMillion = 1'000'000;
  return static_cast<std::int64_t>(
      std::clamp<Wide>((total + kMillion / 2) / kMillion, 0, kMostNanoUsd));
}

}  // namespace halo
