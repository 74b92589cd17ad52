// SPDX-License-Identifier: MIT
// Which failure modes are one entry: a defect, its variants, and its effects. Decided over all
// settled runs that the question may see, whatever its other conditions, so that an entry is the
// same under every filter. Immutable; any thread.
//
// Variants are modes of one defect (mode_variants.h). A defect B is an effect of a defect A if at
// least 80 % of B's findings lie in turns of A's. If each is an effect of the other, the one whose
// findings come first in most runs is the cause. An effect of an effect hangs under the topmost.
// A candidate is never the cause of a defect that is proven or likely, which would hide it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/model/question.h"
#include "engine/summaries/held_findings.h"
#include "engine/summaries/summary_table.h"

namespace halo {

class Entries {
 public:
  Entries(const SummaryTable& table, const Question& question);

  // Entries are numbered from 0, and modes as in the table. A mode that no settled run shows is an
  // entry of its own.
  std::uint32_t size() const { return static_cast<std::uint32_t>(heads_.size()); }
  std::uint32_t Of(std::uint32_t mode) const { return entry_of_[mode]; }
  // A finding that does not hold belongs to no entry.
  bool Holds(std::uint32_t finding) const { return held_.Has(finding); }
  // The mode that gives the entry its id: of the defect and its variants, the one seen first.
  std::uint32_t Head(std::uint32_t entry) const { return heads_[entry]; }
  ModeId Id(std::uint32_t entry) const { return table_.mode_id(heads_[entry]); }
  bool IsEffect(std::uint32_t mode) const { return is_effect_[mode]; }
  // The surest of the defect's modes.
  Confidence ConfidenceOf(std::uint32_t entry) const { return confidence_[entry]; }
  // Whether findings of the mode count for its entry. Those of a candidate do not count for an
  // entry that is surer, whose numbers would then mean less than they say.
  bool Counts(std::uint32_t mode) const { return counts_[mode]; }
  // The entry of a mode; absent if no trace shows the mode.
  std::optional<std::uint32_t> Find(ModeId id) const;
  // The entry's modes, by number.
  std::span<const std::uint32_t> Members(std::uint32_t entry) const {
    return {members_.data() + begin_[entry], begin_[entry + 1] - begin_[entry]};
  }

 private:
  void Number(const std::vector<std::uint32_t>& defect_of, const std::vector<std::uint32_t>& cause,
              const std::vector<std::int64_t>& first_ns);

  const SummaryTable& table_;
  HeldFindings held_;
  std::vector<Confidence> sure_;          // by mode: the surest of its findings that are shown
  std::vector<std::uint32_t> entry_of_;   // by mode
  std::vector<bool> is_effect_, counts_;  // by mode
  std::vector<Confidence> confidence_;    // by entry
  std::vector<std::uint32_t> heads_;      // by entry
  std::vector<std::uint32_t> begin_, members_;
};

// Those of `rows` that show any mode of the entry of `id`.
std::vector<SummaryTable::Row> RowsOfEntry(const SummaryTable& table, const Question& question,
                                           ModeId id, std::vector<SummaryTable::Row> rows);

}  // namespace halo
