// SPDX-License-Identifier: MIT
#include "engine/analysis/detector_precision.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace halo {

std::vector<DetectorPrecision> PrecisionOfDetectors(const ReviewBook& book) {
  std::map<std::pair<std::string, std::uint8_t>, DetectorPrecision> counts;
  for (const auto& [key, run] : book.notes()) {
    std::set<ModeId> seen;
    for (const FindingVerdict& verdict : run.counting()->note.findings) {
      if (!seen.insert(verdict.mode).second) continue;
      DetectorPrecision& count = counts[{key.project, verdict.detector}];
      ++count.judged;
      count.right += verdict.right;
    }
  }
  std::vector<DetectorPrecision> out;
  for (auto& [of, count] : counts) {
    if (count.judged < kFewestJudged) continue;
    std::tie(count.project, count.detector) = of;
    out.push_back(std::move(count));
  }
  std::stable_sort(
      out.begin(), out.end(),
      [](const DetectorPrecision& a, const DetectorPrecision& b) { return a.judged > b.judged; });
  return out;
}

DoubtedDetectors DoubtsOf(std::span<const DetectorPrecision> precisions) {
  DoubtedDetectors out;
  for (const DetectorPrecision& one : precisions) {
    if (2 * one.right < one.judged) out[one.project] |= std::uint64_t{1} << one.detector;
  }
  return out;
}

void Doubt(const DoubtedDetectors* doubted, TraceSummary& summary) {
  if (!doubted) return;
  const auto detectors = doubted->find(summary.project);
  if (detectors == doubted->end()) return;
  for (StoredFinding& finding : summary.findings) {
    if (detectors->second >> finding.detector & 1) finding.confidence = Confidence::kCandidate;
  }
}

}  // namespace halo
