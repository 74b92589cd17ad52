// SPDX-License-Identifier: MIT
#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/model/duration_bucket.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/duration_sums.h"
#include "engine/summaries/held_findings.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/stalls.h"

namespace halo {
namespace {

using Row = SummaryTable::Row;

struct Sums {
  OperationStats stats;
  DurationSums durations;
  Row first = 0;
};

std::uint32_t KeyOf(const SummaryColumns& c, Row row, OperationGroup group) {
  switch (group) {
    case OperationGroup::kSession:
      return c.session[row];
    case OperationGroup::kTask:
      return c.task[row];
    default:
      return row;
  }
}

}  // namespace

std::vector<OperationStats> AnswerRunGroups(const SummaryTable& table, const Question& question,
                                            OperationGroup group) {
  const SummaryColumns& c = table.columns();
  const HeldFindings held(table, question);
  const Stalls stalls(table, question);
  std::unordered_map<std::uint32_t, Sums> groups;
  for (const Row row : MatchingRows(table, question)) {
    const auto [found, is_new] = groups.try_emplace(KeyOf(c, row, group));
    Sums& sums = found->second;
    if (is_new) sums.first = row;
    OperationStats& out = sums.stats;
    ++out.traces;
    out.count += c.steps[row];
    out.errors += c.failed_spans[row];
    out.unpriced += c.unpriced_calls[row];
    out.without_usage += c.Health(&HealthCounts::llm_without_tokens)[row];
    out.usage += UsageAt(c.usage, row);
    out.nano_usd += c.nano_usd[row];
    out.critical_ns += c.critical_ns[row];
    for (std::uint32_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
      const auto confidence = static_cast<Confidence>(c.findings.confidence[i]);
      if (confidence == Confidence::kCandidate || !held.Has(i)) continue;
      out.wasted += Waste{c.findings.waste_tokens[i], c.findings.waste_nano_usd[i],
                          c.findings.waste_critical_ns[i]};
    }
    stalls.AddAll(row, out);
    const std::int64_t ns = PlausibleNs(c.start_ns[row], c.end_ns[row]);
    if (ns < 0) continue;
    ++out.timed;
    out.duration_ns += ns;
    out.self_ns += ns;
    sums.durations.Add(ExactDuration(ns), 1);
    const TraceKey key = table.Key(row);
    if (out.timed == 1 || ns > out.max_ns || (ns == out.max_ns && key < out.slowest)) {
      out.max_ns = ns;
      out.slowest = key;
    }
  }
  std::vector<OperationStats> out;
  out.reserve(groups.size());
  for (auto& [key, sums] : groups) {
    OperationStats& stats = out.emplace_back(std::move(sums.stats));
    stats.p50_ns = sums.durations.Percentile(50, stats.max_ns);
    stats.p95_ns = sums.durations.Percentile(95, stats.max_ns);
    if (group != OperationGroup::kTrace) {
      stats.name = table.IdText(key);
      continue;
    }
    TraceRow trace = RowOf(table, sums.first, question);
    stats.name = std::move(trace.name);
    stats.agent = std::move(trace.agent);
    stats.slowest = std::move(trace.key);
  }
  std::sort(out.begin(), out.end(), [](const OperationStats& a, const OperationStats& b) {
    return std::tie(a.name, a.slowest) < std::tie(b.name, b.slowest);
  });
  return out;
}

}  // namespace halo
