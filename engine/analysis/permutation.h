// SPDX-License-Identifier: MIT
// A permutation test of whether runs of two sides differ, for runs that come in clusters: whole
// blocks of runs change sides, and only within their group (Good, Permutation, Parametric and
// Bootstrap Tests of Hypotheses, 3rd edition, chapter 3). The permutations are random with a fixed
// seed, so that equal data gives equal results. Immutable once made; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace halo {

struct PermutedBlock {
  std::uint32_t group = 0;  // blocks of one group may change sides
  bool in_a = false;
};

// Runs of one block within one stratum. Strata are compared separately and summed.
struct BlockCount {
  std::uint32_t block = 0;
  std::uint32_t stratum = 0;
  std::int64_t count = 0;
};

class Permutations {
 public:
  explicit Permutations(std::span<const PermutedBlock> blocks);

  // How many runs of each stratum are in A, by permutation; for many tests of the same runs.
  struct Trials {
    std::vector<std::int64_t> all;   // by stratum
    std::vector<std::int64_t> in_a;  // by permutation, then stratum; the first is the given one
  };
  Trials Count(std::span<const BlockCount> trials) const;

  // The probability of a difference as large as the given one in either direction, where the
  // difference is the sum over strata of
  //     hits in A - hits * runs in A / runs.
  // Stops early once that is clearly likely (Besag and Clifford, Biometrika 78, 1991). At least
  // 1 / (permutations + 1). 1 if no block can change sides.
  double Probability(std::span<const BlockCount> hits, const Trials& trials) const;

  std::size_t size() const { return size_; }  // permutations, without the given sides

 private:
  bool InA(std::size_t permutation, std::size_t block) const {
    const std::size_t bit = permutation * blocks_ + block;
    return (bits_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  std::size_t blocks_ = 0, size_ = 0;
  bool any_moves_ = false;
  std::vector<std::uint64_t> bits_;  // sides of all blocks; the first are the given ones
};

}  // namespace halo
