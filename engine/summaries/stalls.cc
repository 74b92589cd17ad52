// SPDX-License-Identifier: MIT
#include "engine/summaries/stalls.h"

#include "engine/model/duration_bucket.h"

namespace halo {

bool Stalls::IsStall(std::uint32_t finding) const {
  const FindingColumns& f = table_.columns().findings;
  return f.condition[finding] == static_cast<std::uint8_t>(Condition::kOverMedian) &&
         held_.Has(finding);
}

void Stalls::Add(SummaryTable::Row row, std::uint32_t operation, OperationStats& stats) const {
  const SummaryColumns& c = table_.columns();
  const OperationColumns& o = c.operations;
  const FindingColumns& f = c.findings;
  for (std::uint32_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
    if (!IsStall(i) || f.agent[i] != o.agent[operation]) continue;
    if ((f.tool[i] != 0 ? f.tool[i] : f.span_name[i]) != o.name[operation]) continue;
    // The finding is the longest one; those at least half as long are its occurrences.
    for (std::uint32_t b = o.buckets.begin(operation); b < o.buckets.end(operation); ++b) {
      const std::int64_t entry = o.buckets.items[b];
      if (!IsExactDuration(entry) || DurationOf(entry) < f.value[i] / 2) continue;
      stats.stalls += o.bucket_counts[b];
      stats.stall_ns += DurationOf(entry) * o.bucket_counts[b];
    }
  }
}

void Stalls::AddAll(SummaryTable::Row row, OperationStats& stats) const {
  const SummaryColumns& c = table_.columns();
  for (std::uint32_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
    if (!IsStall(i)) continue;
    stats.stalls += c.findings.occurrences[i];
    stats.stall_ns += c.findings.value[i];
  }
}

}  // namespace halo
