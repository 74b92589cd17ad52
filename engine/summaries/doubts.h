// SPDX-License-Identifier: MIT
// How sure findings are where readers of a project doubt detectors (DoubtedDetectors). Immutable;
// any thread.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "engine/model/question.h"
#include "engine/summaries/summary_table.h"

namespace halo {

class Doubts {
 public:
  Doubts(const SummaryTable& table, const Question& question);

  bool any() const { return !doubted_.empty(); }
  // Of a finding of the trace: as its detector says, or a candidate.
  Confidence Of(SummaryTable::Row row, std::uint32_t finding) const;

 private:
  const SummaryTable& table_;
  std::unordered_map<StringId, std::uint64_t> doubted_;  // by project
};

}  // namespace halo
