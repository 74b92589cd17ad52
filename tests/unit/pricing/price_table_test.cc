// SPDX-License-Identifier: MIT
#include "engine/pricing/price_table.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>
#include <vector>

#include "engine/pricing/usage.h"

namespace halo {
namespace {

constexpr std::int64_t kDay = 86'400'000'000'000;
constexpr std::int64_t kMid2026 = 20'650 * kDay;  // 2026-07-16

// "input/output/cache_read/cache_write" in USD per million tokens, or "unpriced".
std::string Shown(const std::optional<Price>& price) {
  if (!price) return "unpriced";
  const auto usd = [](std::int64_t nano) {
    std::string text = std::to_string(nano / 1'000'000'000) + "." +
                       std::to_string(1'000'000'000 + nano % 1'000'000'000).substr(1);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
  };
  return usd(price->input) + "/" + usd(price->output) + "/" + usd(price->cache_read) + "/" +
         usd(price->cache_write);
}

std::string Find(std::string_view provider, std::string_view model, std::int64_t at_ns = kMid2026) {
  static const PriceTable table;
  return Shown(table.Find(provider, model, at_ns));
}

TokenUsage Usage(std::int64_t input, std::int64_t output, std::int64_t read = 0,
                 std::int64_t write = 0) {
  return {input, output, read, write, 0};
}

CountedUsage Count(std::int64_t input, std::int64_t output, std::int64_t total, std::int64_t read,
                   std::int64_t write = -1) {
  SpanFields fields;
  fields.input_tokens = input;
  fields.output_tokens = output;
  fields.total_tokens = total;
  fields.cache_read_tokens = read;
  fields.cache_write_tokens = write;
  return CountUsage(fields);
}

}  // namespace

TEST_CASE("well-known models have their list price") {
  CHECK(Find("openai", "gpt-4o") == "2.5/10/1.25/2.5");
  CHECK(Find("openai", "gpt-4o-mini") == "0.15/0.6/0.075/0.15");
  CHECK(Find("openai", "gpt-4.1") == "2/8/0.5/2");
  CHECK(Find("openai", "o1") == "15/60/7.5/15");
  CHECK(Find("anthropic", "claude-3-5-sonnet-20241022") == "3/15/0.3/3.75");
  CHECK(Find("anthropic", "claude-3-haiku-20240307") == "0.25/1.25/0.03/0.3");
  CHECK(Find("openai", "text-embedding-3-small") == "0.02/0/0.02/0.02");
}

TEST_CASE("a model is found by whatever name an emitter gives it") {
  const std::string sonnet = "3/15/0.3/3.75";
  for (const std::string_view provider : {"", "anthropic", "Anthropic", "aws.bedrock",
                                          "amazon_bedrock", "gcp.vertex_ai", "litellm"}) {
    CAPTURE(provider);
    CHECK(Find(provider, "claude-3-5-sonnet-20241022") == sonnet);
  }
  for (const std::string_view model :
       {"anthropic/claude-3-5-sonnet-20241022", "claude-3-5-sonnet-latest", "Claude-3-5-Sonnet",
        "claude-3-5-sonnet@20240620", "bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "us.anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "vertex_ai/claude-3-5-sonnet@20240620", "litellm_proxy/anthropic/claude-3-5-sonnet",
        "arn:aws:bedrock:eu-west-1:1:inference-profile/"
        "eu.anthropic.claude-3-5-sonnet-20240620-v1:0"}) {
    CAPTURE(model);
    CHECK(Find("", model) == sonnet);
  }
  const std::string gpt_4o = "2.5/10/1.25/2.5";
  for (const std::string_view model :
       {"gpt-4o", "gpt-4o-2024-08-06", "openai/gpt-4o", "azure/gpt-4o-2024-11-20", "GPT-4o",
        "gpt-4o-2031-01-02", "gpt-4o-20310102", "gpt-4o-latest"}) {
    CAPTURE(model);
    CHECK(Find("", model) == gpt_4o);
    CHECK(Find("openai", model) == gpt_4o);
    CHECK(Find("az.ai.openai", model) == gpt_4o);
  }
  CHECK(Find("openrouter", "openai/gpt-4o") == "2.5/10/2.5/2.5");
  CHECK(Find("", "openrouter/openai/gpt-4o") == "2.5/10/2.5/2.5");
  CHECK(Find("openai", "gpt-4o-2024-05-13") == "5/15/5/5");
  CHECK(Find("gcp.gemini", "models/gemini-2.0-flash") == Find("google", "gemini-2.0-flash"));
  CHECK(Find("google", "gemini-2.0-flash") != "unpriced");
  CHECK(Find("x_ai", "grok-4.3") == Find("xai", "x-ai/grok-4.3"));
}

TEST_CASE("the region of a Bedrock model decides its price") {
  CHECK(Find("", "global.anthropic.claude-sonnet-4-5-20250929-v1:0") == "3/15/0.3/3.75");
  CHECK(Find("", "us.anthropic.claude-sonnet-4-5-20250929-v1:0") == "3.3/16.5/0.33/4.125");
  CHECK(Find("anthropic", "claude-sonnet-4-5-20250929") == "3/15/0.3/3.75");
}

TEST_CASE("a model that nobody or several price is unpriced") {
  for (const std::string_view model :
       {"", "my-model", "gpt", "llama-3.1-8b-instruct", "fake/gpt-zzz", "claude", "/", "-latest",
        "us.", "@", ":0", "-v1:0", "-20240101"}) {
    CAPTURE(model);
    CHECK(Find("", model) == "unpriced");
  }
  CHECK(Find("", std::string(100'000, 'x')) == "unpriced");
  CHECK(Find("ollama", "gpt-4o") == "unpriced");
  CHECK(Find("", "ollama/llama3") == "unpriced");
  CHECK(Find("groq", "llama-3.1-8b-instant") == "0.05/0.08/0.05/0.05");
}

TEST_CASE("the price at the span's start counts") {
  const std::int64_t before = 20'663 * kDay, after = 20'664 * kDay;  // 2026-07-29, 2026-07-30
  CHECK(Find("openai", "gpt-5.6-luna", before) == "1/6/0.1/1.25");
  CHECK(Find("openai", "gpt-5.6-luna", after) == "0.2/1.2/0.02/0.25");
  CHECK(Find("openai", "gpt-5.6-luna", 0) == "0.2/1.2/0.02/0.25");
  const std::int64_t hour = kDay / 24;
  CHECK(Find("deepseek", "deepseek-chat", kMid2026) == "0.135/0.55/0.035/0.135");
  CHECK(Find("deepseek", "deepseek-chat", kMid2026 + hour) == "0.27/1.1/0.07/0.27");
  CHECK(Find("deepseek", "deepseek-chat", kMid2026 + 17 * hour) == "0.135/0.55/0.035/0.135");
}

TEST_CASE("the user's prices come first, exact names before prefixes, longer ones before shorter") {
  const std::vector<PriceOverride> overrides = {{"*", 9, 9, -1, -1},
                                                {"gpt-*", 1, 2, -1, -1},
                                                {"gpt-4o*", 3, 4, 0.5, 0},
                                                {"gpt-4o-mini", 5, 6, -1, -1}};
  const PriceTable table(overrides);
  CHECK(Shown(table.Find("openai", "gpt-4.1", kMid2026)) == "1/2/1/1");
  CHECK(Shown(table.Find("", "GPT-4o-2024-08-06", kMid2026)) == "3/4/0.5/0");
  CHECK(Shown(table.Find("", "gpt-4o-mini", kMid2026)) == "5/6/5/5");
  CHECK(Shown(table.Find("ollama", "llama3", kMid2026)) == "9/9/9/9");
  CHECK(PriceTable::Date().size() == 10);
}

TEST_CASE("long-context tiers come with the price and reprice the whole request") {
  const PriceTable table;
  const auto at = [&](std::string_view provider, std::string_view model, std::int64_t input,
                      std::int64_t at_ns = kMid2026) {
    const auto price = table.Find(provider, model, at_ns);
    REQUIRE(price);
    return Shown(Price{price->For(input), {}});
  };
  CHECK(at("google", "gemini-2.5-pro", 200'000) == "1.25/10/0.125/1.25");
  CHECK(at("google", "gemini-2.5-pro", 200'001) == "2.5/15/0.25/2.5");
  CHECK(at("", "gemini-2.5-pro", 1'000'000) == "2.5/15/0.25/2.5");
  CHECK(at("anthropic", "claude-sonnet-4-5", 200'001) == "6/22.5/0.6/7.5");
  CHECK(at("openai", "gpt-4o", 1'000'000) == "2.5/10/1.25/2.5");
  // A long-context tier ends together with its price.
  const std::int64_t march_2026 = 20'525 * kDay;  // 2026-03-13
  CHECK(at("anthropic", "claude-opus-4-6", 200'001, march_2026 - kDay) == "10/37.5/1/12.5");
  CHECK(at("anthropic", "claude-opus-4-6", 200'001, march_2026) == "5/25/0.5/6.25");

  Price tiered{{1'000'000'000, 2'000'000'000, 0, 0}, {}};
  tiered.tiers[0] = {1000, {3'000'000'000, 4'000'000'000, 0, 0}};
  tiered.tiers[1] = {2000, {5'000'000'000, 6'000'000'000, 0, 0}};
  CHECK(CostNanoUsd(tiered, Usage(1000, 10)) == 1000 * 1000 + 10 * 2000);
  CHECK(CostNanoUsd(tiered, Usage(1001, 10)) == 1001 * 3000 + 10 * 4000);
  CHECK(CostNanoUsd(tiered, Usage(2001, 10)) == 2001 * 5000 + 10 * 6000);
}

TEST_CASE("each token is priced once, and rounded once for the call") {
  const Price price = {2'500'000'000, 10'000'000'000, 1'250'000'000, 3'000'000'000};
  CHECK(CostNanoUsd(price, Usage(1'000'000, 0)) == 2'500'000'000);
  CHECK(CostNanoUsd(price, Usage(1000, 100)) == 2'500'000 + 1'000'000);
  CHECK(CostNanoUsd(price, Usage(1000, 100, 600, 200)) ==
        200 * 2500 + 600 * 1250 + 200 * 3000 + 1'000'000);
  TokenUsage reasoning = Usage(0, 100);
  reasoning.reasoning = 90;
  CHECK(CostNanoUsd(price, reasoning) == 1'000'000);
  CHECK(CostNanoUsd({1, 0, 0, 0}, Usage(499'999, 0)) == 0);
  CHECK(CostNanoUsd({1, 0, 0, 0}, Usage(500'000, 0)) == 1);
  CHECK(CostNanoUsd(price, Usage(10, 0, 50, 50)) >= 0);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  CHECK(CostNanoUsd({huge, huge, huge, huge}, Usage(huge, huge)) == kMostNanoUsd);
}

TEST_CASE("cached tokens are part of the input or on top of it, and the rule says why") {
  const CountedUsage none = Count(-1, -1, -1, -1);
  CHECK_FALSE(none.has_usage);

  const CountedUsage plain = Count(100, 10, -1, -1);
  CHECK(plain.has_usage);
  CHECK(plain.rule == CacheRule::kNoCache);
  CHECK(plain.usage.total() == 110);

  const CountedUsage inclusive = Count(100, 10, 110, 60);
  CHECK(inclusive.rule == CacheRule::kTotalIsInputOutput);
  CHECK(inclusive.usage.input == 100);
  CHECK(Count(100, 10, -1, 60).rule == CacheRule::kDefaultInclusive);

  const CountedUsage added = Count(100, 10, 180, 60, 10);
  CHECK(added.rule == CacheRule::kTotalAddsCache);
  CHECK(added.usage.input == 170);
  CHECK(added.usage.cache_read == 60);
  CHECK(added.usage.cache_write == 10);

  const CountedUsage more = Count(4, 10, 14, 2000);
  CHECK(more.rule == CacheRule::kCacheExceedsInput);
  CHECK(more.usage.input == 2004);
  CHECK(CacheRuleName(more.rule) == "cache_exceeds_input");

  SpanFields marked;
  marked.input_tokens = 100;
  marked.output_tokens = 10;
  marked.total_tokens = 110;
  marked.cache_read_tokens = 60;
  marked.input_excludes_cache = true;
  marked.total_leaves_cache_out = true;
  CHECK(CountUsage(marked).rule == CacheRule::kKnownExclusive);
  CHECK(CountUsage(marked).usage.input == 160);
  // If the emitter's totals do not omit the cache, this total outweighs its usual rule.
  marked.total_leaves_cache_out = false;
  CHECK(CountUsage(marked).rule == CacheRule::kTotalIsInputOutput);
  CHECK(CountUsage(marked).usage.input == 100);
  marked.total_tokens = -1;
  CHECK(CountUsage(marked).rule == CacheRule::kKnownExclusive);
  marked.input_excludes_cache = false;
  marked.input_includes_cache = true;
  CHECK(CountUsage(marked).rule == CacheRule::kKnownInclusive);
  CHECK(CountUsage(marked).usage.input == 100);
  marked.cache_read_tokens = 500;  // more than the input, so it cannot be included
  CHECK(CountUsage(marked).rule == CacheRule::kCacheExceedsInput);
  CHECK(CountUsage(marked).usage.input == 600);
  CHECK(CountUsage(marked).usage.cache_read == 500);
}

TEST_CASE("counts that are missing, negative or absurd never make a negative or an overflow") {
  CHECK(Count(-1, 10, 110, -1).usage.input == 100);
  CHECK(Count(100, -1, 110, -1).usage.output == 10);
  CHECK(Count(-1, -1, 110, -1).usage.input == 110);
  CHECK(Count(-1, 10, 5, -1).usage.input == 0);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const CountedUsage absurd = Count(huge, huge, huge, huge, huge);
  CHECK_FALSE(absurd.has_usage);
  CHECK(absurd.has_unknown);
  CHECK(absurd.readings == BitOf(Reading::kRefusedCount));
  CHECK(absurd.usage.total() == 0);
  CHECK(absurd.usage.cache_read + absurd.usage.cache_write == 0);
  SpanFields fields;
  fields.output_tokens = 10;
  fields.reasoning_tokens = 50;
  CHECK(CountUsage(fields).usage.output == 60);
  CHECK(CountUsage(fields).usage.reasoning == 50);
}

}  // namespace halo
