// SPDX-License-Identifier: MIT
#include "engine/semconv/usage_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
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
    {"cachecreationephemeral1hinputtokens", Field::kCacheWrite1hTokens},
    {"cachecreationephemeral5minputtokens", Field::kCacheWrite5mTokens},
    {"cachecreationinputtokens", Field::kCacheWriteTokens},
    {"cachecreationtokens", Field::kCacheWriteTokens},
    {"cached", Field::kCacheReadTokens},
    {"cachedcontenttokencount", Field::kCacheReadTokens},
    {"cachedcontenttokens", Field::kCacheReadTokens},
    {"cachedinputtokens", Field::kCacheReadTokens},
    {"cachedprompttokens", Field::kCacheReadTokens},
    {"cachedtokencount", Field::kCacheReadTokens},
    {"cachedtokens", Field::kCacheReadTokens},
    {"cachedwritetokens", Field::kCacheWriteTokens},
    {"cachehittokens", Field::kCacheReadTokens},
    {"cacheinput", Field::kCacheReadTokens},
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
    {"completiontokencount", Field::kOutputTokens},
    {"completiontokens", Field::kOutputTokens},
    {"ephemeral1hinputtokens", Field::kCacheWrite1hTokens},
    {"ephemeral5minputtokens", Field::kCacheWrite5mTokens},
    {"input", Field::kFreshInputTokens},
    {"inputtokencount", Field::kInputTokens},
    {"inputtokens", Field::kInputTokens},
    {"nocachetokens", Field::kFreshInputTokens},
    {"output", Field::kPlainOutputTokens},
    {"outputtokencount", Field::kOutputTokens},
    {"outputtokendetailstexttokens", Field::kPlainOutputTokens},
    {"outputtokens", Field::kOutputTokens},
    {"prompt", Field::kInputTokens},
    {"prompttokencount", Field::kInputTokens},
    {"prompttokens", Field::kInputTokens},
    {"reasoning", Field::kReasoningTokens},
    {"reasoningoutputtokens", Field::kReasoningTokens},
    {"reasoningtokencount", Field::kReasoningTokens},
    {"reasoningtokens", Field::kReasoningTokens},
    {"thinking", Field::kReasoningTokens},
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

// Objects that hold a usage object or the whole answer of a provider that has one.
constexpr std::string_view kWrappers[] = {
    "usage",     "usagemetadata", "tokenusage", "details", "raw",    "response", "custom",
    "anthropic", "bedrock",       "openai",     "google",  "vertex", "deepseek", "llmoutput",
};

constexpr std::size_t kMaxWord = 48;

// The letters and digits of the text, in lower case; empty if they are too long.
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

const UsageWord* Find(std::string_view word) {
  const auto* const found = std::lower_bound(
      std::begin(kWords), std::end(kWords), word,
      [](const UsageWord& entry, std::string_view wanted) { return entry.word < wanted; });
  return found != std::end(kWords) && found->word == word ? found : nullptr;
}

// Counts that are a part of the input or the output.
bool IsPart(Field field) {
  return field == Field::kCacheReadTokens || field == Field::kCacheWriteTokens ||
         field == Field::kCacheWrite5mTokens || field == Field::kCacheWrite1hTokens ||
         field == Field::kReasoningTokens || field == Field::kFreshInputTokens;
}

bool Skip(std::string_view& word, std::string_view prefix) {
  if (!word.starts_with(prefix)) return false;
  word.remove_prefix(prefix.size());
  return true;
}

// "cached" of "inputtokendetailscached" and "promptcached": a part may name its whole.
std::string_view WithoutSide(std::string_view word) {
  for (const std::string_view side : {"prompt", "input", "completion", "output"}) {
    if (!Skip(word, side)) continue;
    if (!Skip(word, "tokens")) Skip(word, "token");
    if (!Skip(word, "details")) Skip(word, "detail");
    return word;
  }
  return {};
}

}  // namespace

bool MayHoldUsage(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('.') + 1);
  std::array<char, kMaxWord> buffer;
  const std::string_view word = Normalise(last, buffer);
  return IsWrapper(last) || word.ends_with("details") || word == "cache" || word == "cachecreation";
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
  const UsageWord* found = Find(word);
  if (found == nullptr) {
    found = Find(WithoutSide(word));
    if (found == nullptr || !IsPart(found->field)) return {};
  }
  // Anthropic's own count excludes cached tokens.
  if (of_anthropic && found->field == Field::kInputTokens) return Field::kFreshInputTokens;
  return found->field;
}

std::optional<Field> UsageFieldOfKey(std::string_view path, bool parts_are_exclusive) {
  if (!parts_are_exclusive && path == "input") return Field::kInputTokens;
  if (!parts_are_exclusive && path == "output") return Field::kOutputTokens;
  return UsageFieldOf(path);
}

}  // namespace halo
