// SPDX-License-Identifier: MIT
#include "engine/summaries/eligible_units.h"

#include <utility>

namespace halo {

Clusters::Clusters(const Population& population) {
  constexpr std::uint32_t kNone = UINT32_MAX;
  const SummaryTable& table = population.table();
  const auto rows = static_cast<std::uint32_t>(population.rows().size());
  // A session with several tasks counts for that of its first trace.
  std::vector<std::uint32_t> first_of;
  for (std::uint32_t i = 0; i < rows; ++i) {
    const std::uint32_t unit = population.unit(i);
    if (unit >= first_of.size()) first_of.resize(unit + std::size_t{1}, kNone);
    std::uint32_t& first = first_of[unit];
    const auto start = [&](std::uint32_t at) { return population.run(at).start_ns; };
    if (first == kNone || start(i) < start(first) ||
        (start(i) == start(first) &&
         table.TraceId(population.rows()[i]) < table.TraceId(population.rows()[first]))) {
      first = i;
    }
  }
  std::vector<std::uint32_t> of_task(table.columns().ids.size(), kNone);
  std::vector<std::uint32_t> of_session(table.session_count(), kNone);
  for (const std::uint32_t first : first_of) {
    const Run& run = population.run(first);
    std::uint32_t alone = kNone;
    std::uint32_t& cluster = run.task != 0      ? of_task[run.task]
                             : run.session != 0 ? of_session[run.session]
                                                : alone;
    if (cluster == kNone) cluster = count_++;
    of_.push_back(cluster);
  }
}

EligibleUnits::EligibleUnits(const Population& population, const Clusters& clusters)
    : population_(population), clusters_(clusters), size_(clusters.count()) {
  for (std::size_t i = 0; i < population.rows().size(); ++i) {
    if (population.unit(i) >= has_.size()) has_.resize(population.unit(i) + std::size_t{1});
  }
}

void EligibleUnits::Add(std::uint32_t unit) {
  if (std::exchange(has_[unit], 1)) return;
  units_.push_back(unit);
  if (clusters_.single()) return;
  std::int64_t& size = size_[clusters_.of(unit)];
  if (size > 0) --with_size_[size];
  ++with_size_[++size];
}

void EligibleUnits::Clear() {
  for (const std::uint32_t unit : units_) {
    has_[unit] = 0;
    size_[clusters_.of(unit)] = 0;
  }
  units_.clear();
  with_size_.clear();
}

void EligibleUnits::SetAll() {
  Clear();
  for (std::uint32_t unit = 0; unit < has_.size(); ++unit) Add(unit);
}

void EligibleUnits::Set(const Eligibility& eligibility, std::span<const EligibleSlot> slots) {
  Clear();
  const SummaryColumns& c = population_.table().columns();
  for (const auto& [slot, detector] : slots) {
    if (detector >= kMaxDetectors) continue;
    for (const std::uint32_t run : eligibility.Runs(slot)) {
      const bool judged = (c.eligible[population_.rows()[run]] >> detector & 1) != 0;
      if (judged) Add(population_.unit(run));
    }
  }
}

std::vector<ClusterCount> EligibleUnits::Count(const std::vector<std::uint32_t>& hits) const {
  std::vector<ClusterCount> counts;
  if (clusters_.single()) return counts;
  struct Changed {
    std::int64_t hits = 0, added = 0;
  };
  std::map<std::uint32_t, Changed> changed;  // by cluster
  for (const std::uint32_t unit : hits) {
    Changed& cluster = changed[clusters_.of(unit)];
    ++cluster.hits;
    cluster.added += !Has(unit);
  }
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> found;  // by size and hits
  for (const auto& [size, clusters] : with_size_) found[{size, 0}] = clusters;
  for (const auto& [cluster, change] : changed) {
    const std::int64_t size = size_[cluster];
    if (size > 0) --found[{size, 0}];
    ++found[{size + change.added, change.hits}];
  }
  for (const auto& [key, clusters] : found) {
    if (clusters > 0) counts.push_back({key.first, key.second, clusters});
  }
  return counts;
}

}  // namespace halo
