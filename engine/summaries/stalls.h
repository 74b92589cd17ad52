// SPDX-License-Identifier: MIT
// The calls of each run that stalled, as the detector of that name finds them: in comparison with
// all settled runs of the project. One stalled call says nothing of what is slow, so lists by
// latency leave such calls out of their order. Immutable; refers to the table.
#pragma once

#include <cstdint>

#include "engine/model/question.h"
#include "engine/summaries/held_findings.h"
#include "engine/summaries/summary_table.h"

namespace halo {

class Stalls {
 public:
  Stalls(const SummaryTable& table, const Question& question)
      : table_(table), held_(table, question) {}

  // Adds the stalled calls of one operation of a run, numbered as in the table, to `stalls` and
  // `stall_ns`.
  void Add(SummaryTable::Row row, std::uint32_t operation, OperationStats& stats) const;
  // Those of all operations of a run. Of overlapping ones, both count.
  void AddAll(SummaryTable::Row row, OperationStats& stats) const;

 private:
  bool IsStall(std::uint32_t finding) const;

  const SummaryTable& table_;
  const HeldFindings held_;
};

}  // namespace halo
