// SPDX-License-Identifier: MIT
#include "engine/summaries/doubts.h"

namespace halo {

Doubts::Doubts(const SummaryTable& table, const Question& question) : table_(table) {
  if (!question.doubted) return;
  for (const auto& [project, detectors] : *question.doubted) {
    const std::optional<StringId> word = table.columns().words.Find(project);
    if (word && detectors != 0) doubted_.emplace(*word, detectors);
  }
}

Confidence Doubts::Of(SummaryTable::Row row, std::uint32_t finding) const {
  const SummaryColumns& c = table_.columns();
  const auto stated = static_cast<Confidence>(c.findings.confidence[finding]);
  if (doubted_.empty()) return stated;
  const auto found = doubted_.find(c.project[row]);
  if (found == doubted_.end()) return stated;
  return found->second >> c.findings.detector[finding] & 1 ? Confidence::kCandidate : stated;
}

}  // namespace halo
