// SPDX-License-Identifier: MIT
#include "engine/analysis/operations.h"

#include <algorithm>
#include <array>
#include <bit>
#include <tuple>
#include <utility>

#include "engine/spend.h"

namespace halo {
namespace {

// 1.05^b microseconds in nanoseconds; the last is about 36,000 years.
constexpr std::size_t kBuckets = 850;
constexpr std::array<double, kBuckets> kBucketStarts = [] {
  std::array<double, kBuckets> starts{};
  double start = 1000;
  for (double& each : starts) {
    each = start;
    start *= 1.05;
  }
  return starts;
}();

// By width in bits the first bucket that may hold a duration so wide: leaves fifteen to look at.
constexpr std::array<std::int16_t, 65> kFirstBuckets = [] {
  std::array<std::int16_t, 65> first{};
  std::size_t bucket = 0;
  for (std::size_t width = 1; width < first.size(); ++width) {
    const double shortest = static_cast<double>(std::uint64_t{1} << (width - 1));
    while (bucket + 1 < kBuckets && kBucketStarts[bucket + 1] <= shortest) ++bucket;
    first[width] = static_cast<std::int16_t>(bucket);
  }
  return first;
}();

using Key = std::tuple<Kind, Word, Word, Word>;  // kind, agent, name, model

// A span that only wraps model calls is a chain of them: the model is a dimension of calls.
Key KeyOf(const Trace& trace, SpanIndex i) {
  const SpanFacts& span = trace.spans[i];
  const Spend& spend = trace.spend[i];
  const Kind kind = trace.wraps_call[i] ? Kind::kChain : span.kind;
  const bool counts = CallsModel(kind) || spend.usage.total() > 0 || spend.nano_usd > 0;
  const Word name = span.kind == Kind::kTool && span.tool != 0 ? span.tool
                    : span.operation != 0                      ? span.operation
                                                               : span.name;
  return {kind, trace.agent[i], name, counts ? span.model : Word{0}};
}

void AddDuration(OperationRollup& rollup, std::int16_t bucket) {
  auto& durations = rollup.durations;
  const auto place = std::lower_bound(durations.begin(), durations.end(), bucket,
                                      [](const auto& entry, int b) { return entry.first < b; });
  if (place != durations.end() && place->first == bucket) {
    ++place->second;
  } else {
    durations.insert(place, {bucket, 1});
  }
}

void AddSpan(const Trace& trace, SpanIndex i, OperationRollup& rollup) {
  const SpanFacts& span = trace.spans[i];
  ++rollup.count;
  rollup.errors += span.failed;
  rollup.critical_ns += trace.critical_ns[i];
  const Spend& spend = trace.spend[i];
  rollup.unpriced += spend.unpriced();
  rollup.usage.input += spend.usage.input;
  rollup.usage.output += spend.usage.output;
  rollup.usage.cache_read += spend.usage.cache_read;
  rollup.usage.cache_write += spend.usage.cache_write;
  rollup.usage.reasoning += spend.usage.reasoning;
  rollup.nano_usd += spend.nano_usd;
  const std::int64_t duration_ns = PlausibleNs(span.start_ns, span.end_ns);
  if (duration_ns < 0) return;
  rollup.duration_ns += duration_ns;
  rollup.max_ns = std::max(rollup.max_ns, duration_ns);
  AddDuration(rollup, DurationBucket(duration_ns));
}

}  // namespace

std::int16_t DurationBucket(std::int64_t duration_ns) {
  if (duration_ns <= 0) return 0;
  const auto width =
      static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(duration_ns)));
  const auto first = static_cast<std::size_t>(kFirstBuckets[width]);
  const auto last = std::min(static_cast<std::size_t>(kFirstBuckets[width + 1]) + 2, kBuckets);
  const auto after = std::upper_bound(kBucketStarts.begin() + first, kBucketStarts.begin() + last,
                                      static_cast<double>(duration_ns));
  const auto bucket = after - kBucketStarts.begin() - 1;
  return static_cast<std::int16_t>(std::max<std::ptrdiff_t>(bucket, 0));
}

std::vector<OperationRollup> RollUp(const Trace& trace) {
  std::vector<std::pair<Key, SpanIndex>> spans(trace.spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const SpanIndex span = static_cast<SpanIndex>(i);
    spans[i] = {KeyOf(trace, span), span};
  }
  std::sort(spans.begin(), spans.end());
  std::vector<OperationRollup> rollups;
  for (auto begin = spans.begin(); begin != spans.end();) {
    const auto end = std::find_if(begin, spans.end(),
                                  [&](const auto& span) { return span.first != begin->first; });
    const auto& [kind, agent, name, model] = begin->first;
    OperationRollup& rollup = rollups.emplace_back();
    rollup.kind = kind;
    rollup.agent = trace.Text(agent);
    rollup.name = trace.Text(name);
    rollup.model = trace.Text(model);
    rollup.durations.reserve(std::min<std::size_t>(static_cast<std::size_t>(end - begin), 16));
    for (; begin != end; ++begin) AddSpan(trace, begin->second, rollup);
  }
  // Words are numbered as they came; answers are in the order of the texts.
  std::sort(rollups.begin(), rollups.end(), [](const OperationRollup& a, const OperationRollup& b) {
    return std::tie(a.kind, a.agent, a.name, a.model) < std::tie(b.kind, b.agent, b.name, b.model);
  });
  return rollups;
}

}  // namespace halo
