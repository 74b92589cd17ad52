// SPDX-License-Identifier: MIT
// The units that are eligible for a mode, and how they cluster: units of one task, else of one
// session, resemble each other.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "engine/model/cluster_count.h"
#include "engine/summaries/eligibility.h"
#include "engine/summaries/population.h"

namespace halo {

// The cluster of each unit. Immutable; any thread.
class Clusters {
 public:
  explicit Clusters(const Population& population);

  std::uint32_t of(std::uint32_t unit) const { return of_[unit]; }
  std::uint32_t count() const { return count_; }
  // Whether each unit is a cluster of its own.
  bool single() const { return count_ == of_.size(); }

 private:
  std::vector<std::uint32_t> of_;
  std::uint32_t count_ = 0;
};

// A set of units. Memory for all of them is kept from one set to the next. Thread-compatible.
class EligibleUnits {
 public:
  EligibleUnits(const Population& population, const Clusters& clusters);

  void SetAll();
  // The union of the slots. Units that a detector could not judge are left out.
  void Set(const Eligibility& eligibility, std::span<const EligibleSlot> slots);

  bool Has(std::uint32_t unit) const { return has_[unit] != 0; }
  std::int64_t count() const { return static_cast<std::int64_t>(units_.size()); }
  // The clusters of the set together with `hits`, which are distinct units; empty if all units are
  // clusters of their own.
  std::vector<ClusterCount> Count(const std::vector<std::uint32_t>& hits) const;

 private:
  void Add(std::uint32_t unit);
  void Clear();

  const Population& population_;
  const Clusters& clusters_;
  std::vector<std::uint8_t> has_;                   // by unit
  std::vector<std::uint32_t> units_;                // of the set
  std::vector<std::int64_t> size_;                  // by cluster
  std::map<std::int64_t, std::int64_t> with_size_;  // number of clusters by size
};

}  // namespace halo
