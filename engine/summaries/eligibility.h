// SPDX-License-Identifier: MIT
// How many runs could have shown a failure mode: the denominators of rates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "engine/summaries/population.h"

namespace halo {

inline constexpr std::size_t kMaxDetectors = 64;  // bits of TraceSummary::eligible

// Counts the units that could show what a detector finds, in all and among those that use a tool.
// Immutable; any thread.
class Eligibility {
 public:
  using Counts = std::array<std::int64_t, kMaxDetectors>;

  // `tools`: the tools to count for, by StringId.
  Eligibility(const Population& population, const std::vector<bool>& tools);

  // 0 for a tool that no row has (a wrong name that a model called): it narrows nothing down.
  StringId SlotOf(StringId tool) const { return slot_of_tool_[tool] == kNoSlot ? 0 : tool; }
  std::int64_t Units(std::uint8_t detector, StringId tool) const {
    if (detector >= kMaxDetectors) return 0;
    return counts_[tool == 0 ? 0 : slot_of_tool_[tool]][detector];
  }
  // Whether Units counts the unit of this row.
  bool CouldShow(const SummaryColumns& c, SummaryTable::Row row, std::uint8_t detector,
                 StringId tool) const;

 private:
  static constexpr std::uint32_t kNoSlot = UINT32_MAX;
  static constexpr std::size_t kFewTools = 64;

  static std::uint64_t CallOf(SummaryTable::Row row, StringId tool) {
    return std::uint64_t{row} << 32 | tool;
  }

  // Calls `add` with the slots of a row: 0, and those of its tools.
  template <class Add>
  void ForEachSlot(const SummaryColumns& c, SummaryTable::Row row, Add&& add) const {
    add(std::uint32_t{0});
    for (const StringId tool : c.tools[row]) {
      if (slot_of_tool_[tool] != kNoSlot) add(slot_of_tool_[tool]);
    }
  }

  void CountRows(const Population& population);
  void CountUnits(const Population& population);
  static void Add(std::uint64_t eligible, std::int64_t units, Counts& counts);

  std::vector<std::uint32_t> slot_of_tool_;
  std::vector<Counts> counts_;  // by slot; the first is of all units
  // The tools of rows with more than kFewTools: in a trace whose every error is another mode, a
  // linear search would be repeated for each.
  std::unordered_set<std::uint64_t> calls_of_many_;
};

}  // namespace halo
