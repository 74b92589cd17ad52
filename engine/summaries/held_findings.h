// SPDX-License-Identifier: MIT
// Which findings hold, given what other runs show: all settled runs of their project, whatever the
// question's filter. All but those of population detectors (detectors/detector.h) always hold.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/model/question.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// Remembered by the table until it changes or another run settles. Immutable; any thread.
class HeldFindings {
 public:
  HeldFindings(const SummaryTable& table, const Question& question);

  // `finding` is numbered as in the table.
  bool Has(std::uint32_t finding) const { return !dropped_ || !(*dropped_)[finding]; }

 private:
  std::shared_ptr<const std::vector<bool>> dropped_;  // null: all hold
};

// Removes the findings that do not hold from a summary, which need not be one of the table.
void KeepHeldFindings(const SummaryTable& table, const Question& question, TraceSummary& summary);

}  // namespace halo
