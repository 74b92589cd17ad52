// SPDX-License-Identifier: MIT
// How the runs of two sides cluster: for design effects and for permutations. Immutable; any
// thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/analysis/permutation.h"
#include "engine/model/cluster_count.h"
#include "engine/model/cohorts.h"

namespace halo {

class CohortBlocks {
 public:
  explicit CohortBlocks(const Cohorts& cohorts);

  const Permutations& permutations() const { return permutations_; }
  // Whether no two runs share a cluster.
  bool single() const { return single_; }
  std::int64_t matched_runs() const { return matched_; }  // of tasks that both sides ran

  // The runs by block and, `stratified`, by their stratum.
  std::vector<BlockCount> Count(const CohortSet& runs, bool stratified) const;

  // DesignEffect of a share of `trials` on one side.
  double Effect(std::size_t side, std::span<const std::uint32_t> hits,
                std::span<const std::uint32_t> trials) const;

 private:
  const Cohorts& cohorts_;
  std::array<std::vector<std::uint32_t>, 2> block_of_;  // by run
  bool single_ = true;
  std::int64_t matched_ = 0;
  Permutations permutations_;

  static Permutations Permute(const Cohorts& cohorts,
                              std::array<std::vector<std::uint32_t>, 2>& block_of, bool& single,
                              std::int64_t& matched);
};

}  // namespace halo
