// SPDX-License-Identifier: MIT
// The runs among which failure modes are counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "engine/model/question.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// Equal parts of the time range of a question.
inline constexpr std::size_t kTimeParts = std::tuple_size_v<decltype(ModeStats::trend)>;

// The fields of a settled row that are read often, next to each other.
struct Run {
  std::int64_t start_ns;
  StringId task, version;
  std::uint32_t session;
  std::uint8_t part;  // of the time range; kTimeParts: its time is unknown
};

// The settled traces that a question selects, as units, and the totals for comparison with modes.
// Immutable; any thread.
class Population {
 public:
  Population(const SummaryTable& table, const Question& question, const RowUnits& row_units);

  const SummaryTable& table() const { return table_; }
  const std::vector<SummaryTable::Row>& rows() const { return rows_; }
  const Run& run(std::size_t index) const { return runs_[index]; }
  std::uint32_t unit(std::size_t index) const { return units_.of[index]; }
  std::uint32_t unit_count() const { return units_.count; }
  bool single() const { return units_.count == rows_.size(); }  // each row is a unit
  std::size_t part(std::uint32_t unit) const { return part_[unit]; }
  Outcome outcome(std::uint32_t unit) const { return facts_.outcome[unit]; }
  OutcomeRule rule(std::uint32_t unit) const { return facts_.rule[unit]; }
  const std::array<std::int64_t, kTimeParts>& trend() const { return trend_; }
  // Starts of the first and last run, and how long a part is.
  std::int64_t first_ns() const { return first_ns_; }
  std::int64_t last_ns() const { return last_ns_; }
  std::int64_t part_ns() const { return part_ns_; }
  const std::array<OutcomeTable, 4>& outcomes() const { return outcomes_; }

  std::size_t StratumOf(std::uint32_t unit) const {
    const std::int64_t steps = facts_.steps[unit];
    return static_cast<std::size_t>((steps > cuts_[0]) + (steps > cuts_[1]) + (steps > cuts_[2]));
  }

  void Count(std::uint32_t unit, std::int64_t& failures, std::int64_t& successes,
             std::int64_t by = 1) const {
    if (facts_.outcome[unit] == Outcome::kFailure) failures += by;
    if (facts_.outcome[unit] == Outcome::kSuccess) successes += by;
  }

 private:
  std::uint8_t PartOf(std::int64_t start_ns) const;

  const SummaryTable& table_;
  std::vector<SummaryTable::Row> rows_;
  std::vector<Run> runs_;  // along rows_
  Units units_;
  UnitFacts facts_;
  std::int64_t first_ns_ = 0;
  std::int64_t last_ns_ = 0;
  std::int64_t part_ns_ = 1;
  std::vector<std::uint8_t> part_;  // of the time range, by unit
  std::array<std::int64_t, 3> cuts_{};
  std::array<std::int64_t, kTimeParts> trend_{};
  std::array<OutcomeTable, 4> outcomes_{};  // all units as if none had the mode
};

}  // namespace halo
