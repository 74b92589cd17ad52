// SPDX-License-Identifier: MIT
// Counters for the answer about one entry after another. Thread-compatible: one for each thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/summaries/eligible_units.h"
#include "engine/summaries/population.h"

namespace halo {

// Counts how often numbers below a limit occur. Clear takes time only for those that occurred.
class Tally {
 public:
  explicit Tally(std::size_t range) : counts_(range) {}

  // 0 means unknown and is not counted.
  void Add(std::uint32_t number) {
    if (number != 0 && counts_[number]++ == 0) seen_.push_back(number);
  }
  std::int64_t distinct() const { return static_cast<std::int64_t>(seen_.size()); }
  const std::vector<std::uint32_t>& seen() const { return seen_; }
  std::int64_t operator[](std::uint32_t number) const { return counts_[number]; }
  void Clear() {
    for (const std::uint32_t number : seen_) counts_[number] = 0;
    seen_.clear();
  }

 private:
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> seen_;
};

// Reused for all entries of a thread.
struct Tallies {
  Tallies(const Population& population, const Clusters& clusters) : Tallies(population.table()) {
    eligible.emplace(population, clusters);
  }
  explicit Tallies(const SummaryTable& table)
      : modes(table.mode_count() + std::size_t{1}),
        tasks(table.columns().ids.size()),
        versions(table.columns().words.size()),
        agents(versions),
        models(versions),
        tags(versions),
        sessions(table.session_count()) {}

  void Clear() {
    for (Tally* tally : {&modes, &tasks, &versions, &agents, &models, &tags, &sessions}) {
      tally->Clear();
    }
  }

  Tally modes;  // by number + 1
  Tally tasks, versions, agents, models, tags, sessions;
  std::optional<EligibleUnits> eligible;
};

}  // namespace halo
