// SPDX-License-Identifier: MIT
#include "engine/semconv/usage_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace halo {
namespace {

struct UsageWord {
  std::string_view word;  // lower case, letters and digits only
  Field field;
};

// Sorted.
constexpr UsageWord kWords[] = {
    {"cachecreation", Field::kCacheWriteTokens},
    {"cachecreationinputtokens", Field::kCacheWriteTokens},
    {"cachecreationtokens", Field::kCacheWriteTokens},
    {"cached", Field::kCacheReadTokens},
    {"cachedcontenttokencount", Field::kCacheReadTokens},
    {"cachedcontenttokens", Field::kCacheReadTokens},
    {"cachedinputtokens", Field::kCacheReadTokens},
    {"cachedprompttokens", Field::kCacheReadTokens},
    {"cachedtokencount", Field::kCacheReadTokens},
    {"cachedtokens", Field::kCacheReadTokens},
    {"cacheread", Field::kCacheReadTokens},
    {"cachereadinputtokencount", Field::kCacheReadTokens},
    {"cachereadinputtokens", Field::kCacheReadTokens},
    {"cachereadtokens", Field::kCacheReadTokens},
    {"cachewrite", Field::kCacheWriteTokens},
    {"cachewriteinputtokencount", Field::kCacheWriteTokens},
    {"cachewriteinputtokens", Field::kCacheWriteTokens},
    {"cachewritetokens", Field::kCacheWriteTokens},
    {"candidatestokencount", Field::kPlainOutputTokens},
    {"completion", Field::kOutputTokens},
    {"completiondetailsreasoning", Field::kReasoningTokens},
    {"completiontokencount", Field::kOutputTokens},
    {"completiontokens", Field::kOutputTokens},
    {"completiontokensdetailsreasoning", Field::kReasoningTokens},
    {"completiontokensdetailsreasoningtokens", Field::kReasoningTokens},
    {"input", Field::kFreshInputTokens},
    {"inputcachecreation", Field::kCacheWriteTokens},
    {"inputcached", Field::kCacheReadTokens},
    {"inputcachedtokens", Field::kCacheReadTokens},
    {"inputcacheread", Field::kCacheReadTokens},
    {"inputcachereadtokens", Field::kCacheReadTokens},
    {"inputcachewrite", Field::kCacheWriteTokens},
    {"inputcachewritetokens", Field::kCacheWriteTokens},
    {"inputtokencount", Field::kInputTokens},
    {"inputtokendetailscachecreation", Field::kCacheWriteTokens},
    {"inputtokendetailscacheread", Field::kCacheReadTokens},
    {"inputtokendetailscachereadtokens", Field::kCacheReadTokens},
    {"inputtokendetailscachewrite", Field::kCacheWriteTokens},
    {"inputtokendetailscachewritetokens", Field::kCacheWriteTokens},
    {"inputtokendetailsnocachetokens", Field::kFreshInputTokens},
    {"inputtokens", Field::kInputTokens},
    {"inputtokenscachecreation", Field::kCacheWriteTokens},
    {"inputtokenscached", Field::kCacheReadTokens},
    {"inputtokenscacheread", Field::kCacheReadTokens},
    {"inputtokenscachewrite", Field::kCacheWriteTokens},
    {"inputtokensdetailscachecreationtokens", Field::kCacheWriteTokens},
    {"inputtokensdetailscachedtokens", Field::kCacheReadTokens},
    {"inputtokensdetailscacheread", Field::kCacheReadTokens},
    {"inputtokensdetailscachereadtokens", Field::kCacheReadTokens},
    {"inputtokensdetailscachewritetokens", Field::kCacheWriteTokens},
    {"inputtokensdetailsnocachetokens", Field::kFreshInputTokens},
    {"nocachetokens", Field::kFreshInputTokens},
    {"output", Field::kPlainOutputTokens},
    {"outputreasoning", Field::kReasoningTokens},
    {"outputreasoningtokens", Field::kReasoningTokens},
    {"outputtokencount", Field::kOutputTokens},
    {"outputtokendetailsreasoning", Field::kReasoningTokens},
    {"outputtokendetailsreasoningtokens", Field::kReasoningTokens},
    {"outputtokendetailstexttokens", Field::kPlainOutputTokens},
    {"outputtokens", Field::kOutputTokens},
    {"outputtokensdetailsreasoning", Field::kReasoningTokens},
    {"outputtokensdetailsreasoningtokens", Field::kReasoningTokens},
    {"outputtokensreasoning", Field::kReasoningTokens},
    {"prompt", Field::kInputTokens},
    {"promptcachehittokens", Field::kCacheReadTokens},
    {"promptdetailscacheinput", Field::kCacheReadTokens},
    {"promptdetailscacheread", Field::kCacheReadTokens},
    {"promptdetailscachewrite", Field::kCacheWriteTokens},
    {"prompttokencount", Field::kInputTokens},
    {"prompttokens", Field::kInputTokens},
    {"prompttokenscached", Field::kCacheReadTokens},
    {"prompttokensdetailscachecreationtokens", Field::kCacheWriteTokens},
    {"prompttokensdetailscachedtokens", Field::kCacheReadTokens},
    {"prompttokensdetailscacheread", Field::kCacheReadTokens},
    {"prompttokensdetailscachewritetokens", Field::kCacheWriteTokens},
    {"reasoning", Field::kReasoningTokens},
    {"reasoningoutputtokens", Field::kReasoningTokens},
    {"reasoningtokencount", Field::kReasoningTokens},
    {"reasoningtokens", Field::kReasoningTokens},
    {"thinkingtokens", Field::kReasoningTokens},
    {"thoughts", Field::kReasoningTokens},
    {"thoughtstokencount", Field::kReasoningTokens},
    {"thoughtstokens", Field::kReasoningTokens},
    {"tokens", Field::kTotalTokens},
    {"total", Field::kTotalTokens},
    {"totaltokencount", Field::kTotalTokens},
    {"totaltokens", Field::kTotalTokens},
};
static_assert(std::is_sorted(std::begin(kWords), std::end(kWords),
                             [](const UsageWord& a, const UsageWord& b) {
                               return a.word < b.word;
                             }));

// Most trusted first.
constexpr std::string_view kPrefixes[] = {
    "gen_ai.usage.",
    "llm.token_count.",
    "ai.usage.",
    "llm.usage.",
    "codex.usage.",
    "gen_ai.response.usage.",
    "codex.turn.token_usage.",
    "usage.",
    "gen_ai.aggregated_usage.",
};

// Objects that hold a usage object or the whole answer of a provider that has one.
constexpr std::string_view kWrappers[] = {
    "usage",     "usagemetadata", "tokenusage", "details", "raw",    "response", "custom",
    "anthropic", "bedrock",       "openai",     "google",  "vertex", "deepseek", "llmoutput",
};

constexpr std::size_t kMaxWord = 48;

// Lower case, without anything but letters and digits; empty where it is too long.
std::string_view Normalise(std::string_view text, std::array<char, kMaxWord>& buffer) {
  std::size_t size = 0;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if ((lower < 'a' || lower > 'z') && (lower < '0' || lower > '9')) continue;
    if (size == buffer.size()) return {};
    buffer[size++] = lower;
  }
  return {buffer.data(), size};
}

bool IsWrapper(std::string_view member) {
  std::array<char, kMaxWord> buffer;
  const std::string_view word = Normalise(member, buffer);
  return std::find(std::begin(kWrappers), std::end(kWrappers), word) != std::end(kWrappers);
}

}  // namespace

bool MayHoldUsage(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('.') + 1);
  std::array<char, kMaxWord> buffer;
  return IsWrapper(last) || Normalise(last, buffer).ends_with("details");
}

std::optional<Field> UsageFieldOf(std::string_view path) {
  bool of_anthropic = false;
  for (std::size_t dot; (dot = path.find('.')) != std::string_view::npos;) {
    const std::string_view first = path.substr(0, dot);
    if (!IsWrapper(first)) break;
    of_anthropic = of_anthropic || first == "anthropic";
    path.remove_prefix(dot + 1);
  }
  std::array<char, kMaxWord> buffer;
  const std::string_view word = Normalise(path, buffer);
  const auto* const found = std::lower_bound(
      std::begin(kWords), std::end(kWords), word,
      [](const UsageWord& entry, std::string_view wanted) { return entry.word < wanted; });
  if (found == std::end(kWords) || found->word != word) return {};
  // Anthropic's own count leaves cached tokens out.
  if (of_anthropic && found->field == Field::kInputTokens) return Field::kFreshInputTokens;
  return found->field;
}

std::optional<UsageKey> UsageKeyOf(std::string_view key) {
  for (std::size_t i = 0; i < std::size(kPrefixes); ++i) {
    // Every unknown key passes here, and most differ from a prefix in the first byte.
    if (key.empty() || key.front() != kPrefixes[i].front()) continue;
    if (!key.starts_with(kPrefixes[i])) continue;
    std::optional<Field> field = UsageFieldOf(key.substr(kPrefixes[i].size()));
    // Only in Langfuse's objects do the bare words leave something out.
    if (key.substr(kPrefixes[i].size()) == "input") field = Field::kInputTokens;
    if (key.substr(kPrefixes[i].size()) == "output") field = Field::kOutputTokens;
    if (!field) return {};
    return UsageKey{*field, static_cast<std::uint16_t>(i)};
  }
  return {};
}

}  // namespace halo
