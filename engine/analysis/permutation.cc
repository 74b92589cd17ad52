// SPDX-License-Identifier: MIT
#include "engine/analysis/permutation.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "engine/base/hash.h"

namespace halo {
namespace {

constexpr std::size_t kMostPermutations = 9'999, kFewestPermutations = 999;
constexpr std::size_t kMostBits = 20'000'000;
constexpr int kEnoughLarger = 20;
constexpr std::uint64_t kSeed = 0x68616c6f;  // any number

// The same on every platform, unlike the distributions of the standard library.
class Random {
 public:
  std::size_t Below(std::size_t limit) {
    state_ = MixHash(state_, ++count_);
    return static_cast<std::size_t>(state_ % limit);
  }

 private:
  std::uint64_t state_ = kSeed, count_ = 0;
};

double Difference(std::span<const std::int64_t> in_a, std::span<const std::int64_t> hits,
                  std::span<const std::int64_t> trials_in_a, std::span<const std::int64_t> trials) {
  double sum = 0;
  for (std::size_t s = 0; s < trials.size(); ++s) {
    if (trials[s] == 0) continue;
    sum += static_cast<double>(in_a[s]) - static_cast<double>(hits[s]) *
                                              static_cast<double>(trials_in_a[s]) /
                                              static_cast<double>(trials[s]);
  }
  return sum;
}

}  // namespace

Permutations::Permutations(std::span<const PermutedBlock> blocks) : blocks_(blocks.size()) {
  if (blocks.empty()) return;
  size_ = std::clamp(kMostBits / blocks.size(), kFewestPermutations, kMostPermutations);
  bits_.resize((blocks_ * (size_ + 1) + 63) / 64);
  std::map<std::uint32_t, std::vector<std::size_t>> groups;
  std::vector<bool> sides(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    sides[i] = blocks[i].in_a;
    groups[blocks[i].group].push_back(i);
  }
  for (auto it = groups.begin(); it != groups.end();) {
    const auto in_a = std::count_if(it->second.begin(), it->second.end(),
                                    [&](std::size_t i) { return sides[i]; });
    const bool moves = in_a > 0 && static_cast<std::size_t>(in_a) < it->second.size();
    any_moves_ = any_moves_ || moves;
    it = moves ? std::next(it) : groups.erase(it);
  }
  if (!any_moves_) size_ = 0;
  Random random;
  for (std::size_t p = 0; p <= size_; ++p) {
    for (auto& [group, members] : groups) {
      if (p == 0) break;
      for (std::size_t left = members.size(); left > 1; --left) {  // Fisher and Yates
        const std::size_t a = members[left - 1], b = members[random.Below(left)];
        const bool side = sides[a];
        sides[a] = sides[b];
        sides[b] = side;
      }
    }
    for (std::size_t i = 0; i < blocks_; ++i) {
      const std::size_t bit = p * blocks_ + i;
      if (sides[i]) bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }
}

Permutations::Trials Permutations::Count(std::span<const BlockCount> trials) const {
  Trials out;
  for (const BlockCount& each : trials) {
    if (each.stratum >= out.all.size()) out.all.resize(each.stratum + std::size_t{1});
    out.all[each.stratum] += each.count;
  }
  const std::size_t strata = out.all.size();
  out.in_a.resize((size_ + 1) * strata);
  for (std::size_t p = 0; p <= size_; ++p) {
    for (const BlockCount& each : trials) {
      if (InA(p, each.block)) out.in_a[p * strata + each.stratum] += each.count;
    }
  }
  return out;
}

double Permutations::Probability(std::span<const BlockCount> hits, const Trials& trials) const {
  if (!any_moves_) return 1;
  const std::size_t strata = trials.all.size();
  std::vector<std::int64_t> all(strata), in_a(strata);
  for (const BlockCount& each : hits) {
    if (each.stratum < strata) all[each.stratum] += each.count;
  }
  const auto difference = [&](std::size_t p) {
    std::fill(in_a.begin(), in_a.end(), 0);
    for (const BlockCount& each : hits) {
      if (each.stratum < strata && InA(p, each.block)) in_a[each.stratum] += each.count;
    }
    const std::span<const std::int64_t> row(trials.in_a.data() + p * strata, strata);
    return std::abs(Difference(in_a, all, row, trials.all));
  };
  const double given = difference(0) - 1e-9;
  int larger = 0;
  for (std::size_t p = 1; p <= size_; ++p) {
    if (difference(p) < given) continue;
    if (++larger == kEnoughLarger) return static_cast<double>(larger) / static_cast<double>(p);
  }
  return static_cast<double>(larger + 1) / static_cast<double>(size_ + 1);
}

}  // namespace halo
