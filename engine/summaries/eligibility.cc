// SPDX-License-Identifier: MIT
#include "engine/summaries/eligibility.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace halo {

using Row = SummaryTable::Row;

Eligibility::Eligibility(const Population& population, const std::vector<bool>& tools)
    : slot_of_tool_(tools.size(), kNoSlot), counts_(1) {
  const SummaryColumns& c = population.table().columns();
  for (const Row row : population.rows()) {
    const bool many = c.tools[row].size() > kFewTools;
    for (const StringId tool : c.tools[row]) {
      if (!tools[tool]) continue;
      if (many) calls_of_many_.insert(CallOf(row, tool));
      if (slot_of_tool_[tool] != kNoSlot) continue;
      slot_of_tool_[tool] = static_cast<std::uint32_t>(counts_.size());
      counts_.emplace_back();
    }
  }
  if (population.single()) {
    CountRows(population);
  } else {
    CountUnits(population);
  }
}

bool Eligibility::CouldShow(const SummaryColumns& c, Row row, std::uint8_t detector,
                            StringId tool) const {
  if (detector >= kMaxDetectors || (c.eligible[row] >> detector & 1) == 0) return false;
  if (tool == 0) return true;
  const auto tools = c.tools[row];
  if (tools.size() > kFewTools) return calls_of_many_.contains(CallOf(row, tool));
  return std::find(tools.begin(), tools.end(), tool) != tools.end();
}

// There are few different sets of eligible detectors, so sets are counted instead of detectors.
void Eligibility::CountRows(const Population& population) {
  const SummaryTable& table = population.table();
  const std::size_t sets = table.eligible_count();
  std::vector<std::uint32_t> rows(counts_.size() * sets);
  for (const Row row : population.rows()) {
    const std::size_t set = table.eligible_of(row);
    ForEachSlot(table.columns(), row, [&](std::uint32_t slot) { ++rows[slot * sets + set]; });
  }
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    for (std::uint32_t set = 0; set < sets; ++set) {
      Add(table.eligible(set), rows[slot * sets + set], counts_[slot]);
    }
  }
}

void Eligibility::CountUnits(const Population& population) {
  const SummaryColumns& c = population.table().columns();
  std::vector<std::uint32_t> by_unit(population.rows().size());
  std::iota(by_unit.begin(), by_unit.end(), 0);
  std::sort(by_unit.begin(), by_unit.end(), [&](std::uint32_t a, std::uint32_t b) {
    return population.unit(a) < population.unit(b);
  });
  std::vector<std::uint64_t> eligible(counts_.size());  // of one unit, by slot
  std::vector<std::uint32_t> slots;
  for (std::size_t i = 0; i < by_unit.size(); ++i) {
    const Row row = population.rows()[by_unit[i]];
    ForEachSlot(c, row, [&](std::uint32_t slot) {
      if (eligible[slot] == 0) slots.push_back(slot);
      eligible[slot] |= c.eligible[row];
    });
    const bool last =
        i + 1 == by_unit.size() || population.unit(by_unit[i + 1]) != population.unit(by_unit[i]);
    if (!last) continue;
    for (const std::uint32_t slot : slots) Add(std::exchange(eligible[slot], 0), 1, counts_[slot]);
    slots.clear();
  }
}

void Eligibility::Add(std::uint64_t eligible, std::int64_t units, Counts& counts) {
  if (units == 0) return;
  for (; eligible != 0; eligible &= eligible - 1) {
    counts[static_cast<std::size_t>(std::countr_zero(eligible))] += units;
  }
}

}  // namespace halo
