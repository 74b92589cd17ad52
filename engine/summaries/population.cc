// SPDX-License-Identifier: MIT
#include "engine/summaries/population.h"

#include <algorithm>

namespace halo {

Population::Population(const SummaryTable& table, const Question& question,
                       const RowUnits& row_units)
    : table_(table),
      rows_(RunsAmong(table, SettledRows(table, MatchingRows(table, question), question, row_units),
                      row_units)),
      units_(MakeUnits(table, rows_, row_units)),
      facts_(FactsOfUnits(table, rows_, units_)) {
  if (units_.count == 0) return;
  for (const std::int64_t start_ns : facts_.start_ns) {
    if (start_ns == kUnknownStart) continue;
    first_ns_ = last_ns_ == 0 ? start_ns : std::min(first_ns_, start_ns);
    last_ns_ = std::max(last_ns_, start_ns);
  }
  part_ns_ = (last_ns_ - first_ns_) / static_cast<std::int64_t>(kTimeParts) + 1;
  std::vector<std::int64_t> steps = facts_.steps;
  auto from = steps.begin();
  for (std::size_t quarter = 1; quarter < 4; ++quarter) {
    const auto cut = steps.begin() + static_cast<std::ptrdiff_t>((steps.size() - 1) * quarter / 4);
    std::nth_element(from, cut, steps.end());
    cuts_[quarter - 1] = *cut;
    from = cut;
  }
  runs_.reserve(rows_.size());
  const SummaryColumns& c = table.columns();
  for (const SummaryTable::Row row : rows_) {
    runs_.push_back({c.start_ns[row], c.task[row], c.version[row], table.session_of(row),
                     PartOf(c.start_ns[row])});
  }
  part_.reserve(units_.count);
  for (std::uint32_t unit = 0; unit < units_.count; ++unit) {
    part_.push_back(PartOf(facts_.start_ns[unit]));
    if (part_[unit] < kTimeParts) ++trend_[part_[unit]];
    Count(unit, outcomes_[StratumOf(unit)].other_failure, outcomes_[StratumOf(unit)].other_success);
  }
}

std::uint8_t Population::PartOf(std::int64_t start_ns) const {
  if (start_ns < first_ns_ || start_ns <= 0) return kTimeParts;
  return static_cast<std::uint8_t>(
      std::min((start_ns - first_ns_) / part_ns_, static_cast<std::int64_t>(kTimeParts)));
}

}  // namespace halo
