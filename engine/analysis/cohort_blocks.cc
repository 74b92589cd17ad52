// SPDX-License-Identifier: MIT
#include "engine/analysis/cohort_blocks.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "engine/analysis/clustered_share.h"

namespace halo {

CohortBlocks::CohortBlocks(const Cohorts& cohorts)
    : cohorts_(cohorts), permutations_(Permute(cohorts, block_of_, single_, matched_)) {}

Permutations CohortBlocks::Permute(const Cohorts& cohorts,
                                   std::array<std::vector<std::uint32_t>, 2>& block_of,
                                   bool& single, std::int64_t& matched) {
  std::array<std::vector<std::uint32_t>, 2> size;  // of each cluster
  std::vector<bool> is_task(cohorts.clusters);
  for (std::size_t side = 0; side < 2; ++side) {
    size[side].resize(cohorts.clusters);
    for (const CohortRun& run : cohorts.sides[side].runs) {
      ++size[side][run.cluster];
      is_task[run.cluster] = is_task[run.cluster] || run.knows_task;
    }
  }
  for (std::uint32_t c = 0; c < cohorts.clusters; ++c) {
    single = single && size[0][c] + size[1][c] <= 1;
    if (is_task[c] && size[0][c] > 0 && size[1][c] > 0) matched += size[0][c] + size[1][c];
  }
  std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, std::uint32_t> numbers;
  std::vector<PermutedBlock> blocks;
  for (std::size_t side = 0; side < 2; ++side) {
    for (const CohortRun& run : cohorts.sides[side].runs) {
      const bool shared = size[0][run.cluster] > 0 && size[1][run.cluster] > 0;
      const auto key = std::tuple(run.cluster, shared ? run.part : 0, side == 0);
      const auto [known, is_new] =
          numbers.try_emplace(key, static_cast<std::uint32_t>(blocks.size()));
      if (is_new) blocks.push_back({shared ? run.cluster + 1 : 0, side == 0});
      block_of[side].push_back(known->second);
    }
  }
  return Permutations(blocks);
}

std::vector<BlockCount> CohortBlocks::Count(const CohortSet& runs, bool stratified) const {
  std::unordered_map<std::uint64_t, std::int64_t> counts;
  for (std::size_t side = 0; side < 2; ++side) {
    for (const std::uint32_t run : runs[side]) {
      const std::uint8_t stratum = stratified ? cohorts_.sides[side].runs[run].stratum : 0;
      ++counts[std::uint64_t{block_of_[side][run]} << 8 | stratum];
    }
  }
  std::vector<BlockCount> out;
  out.reserve(counts.size());
  for (const auto& [key, count] : counts) {
    out.push_back(
        {static_cast<std::uint32_t>(key >> 8), static_cast<std::uint32_t>(key & 255), count});
  }
  std::sort(out.begin(), out.end(), [](const BlockCount& a, const BlockCount& b) {
    return std::tie(a.block, a.stratum) < std::tie(b.block, b.stratum);
  });
  return out;
}

double CohortBlocks::Effect(std::size_t side, std::span<const std::uint32_t> hits,
                            std::span<const std::uint32_t> trials) const {
  if (single_) return 1;
  struct Cluster {
    std::int64_t size = 0, hits = 0;
  };
  std::unordered_map<std::uint32_t, Cluster> clusters;
  const std::vector<CohortRun>& runs = cohorts_.sides[side].runs;
  for (const std::uint32_t run : trials) ++clusters[runs[run].cluster].size;
  for (const std::uint32_t run : hits) ++clusters[runs[run].cluster].hits;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> found;
  for (const auto& [number, cluster] : clusters) ++found[{cluster.size, cluster.hits}];
  std::vector<ClusterCount> counts;
  for (const auto& [key, many] : found) counts.push_back({key.first, key.second, many});
  return std::max(1.0, DesignEffect(counts));
}

}  // namespace halo
