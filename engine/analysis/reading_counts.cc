// SPDX-License-Identifier: MIT
#include "engine/analysis/reading_counts.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace halo {
namespace {

// Keys may differ in every span of a long trace.
constexpr std::size_t kMostWords = 64;

using Counts = std::map<std::string_view, std::int32_t>;

// Spans by word. Spans of one emitter follow each other with the same few words.
template <class Field>
std::vector<std::pair<StringId, std::int32_t>> CountWords(const Trace& trace, Field field) {
  std::vector<std::pair<StringId, std::int32_t>> counts;
  for (const SpanFacts& span : trace.spans) {
    const StringId word = span.*field;
    if (word == 0) continue;
    const auto found = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& each) { return each.first == word; });
    if (found != counts.end()) {
      ++found->second;
    } else if (counts.size() < kMostWords) {
      counts.emplace_back(word, 1);
    }
  }
  return counts;
}

}  // namespace

void CountReading(const Trace& trace, TraceSummary& summary) {
  Counts dialects, keys;
  for (const auto& [word, spans] : CountWords(trace, &SpanFacts::convention)) {
    dialects[trace.Text(word)] += spans;
  }
  for (const auto& [word, spans] : CountWords(trace, &SpanFacts::unread_keys)) {
    for (std::string_view rest = trace.Text(word); !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      keys[rest.substr(0, end)] += spans;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  summary.dialects.assign(dialects.begin(), dialects.end());
  std::vector<SpanCount>& kept = summary.unread_keys;
  kept.assign(keys.begin(), keys.end());
  if (kept.size() <= kMostUnreadKeys) return;
  std::stable_sort(kept.begin(), kept.end(),
                   [](const SpanCount& a, const SpanCount& b) { return a.second > b.second; });
  kept.resize(kMostUnreadKeys);
  std::sort(kept.begin(), kept.end());
}

}  // namespace halo
