// SPDX-License-Identifier: MIT
// How the runs of two sides differ. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/analysis/mix_difference.h"
#include "engine/analysis/newcombe.h"
#include "engine/model/behaviour.h"
#include "engine/model/cohorts.h"

namespace halo {

// By side. p by permutation of whole clusters (permutation.h): of the sessions, else runs, of one
// task where both sides ran it, else of whole tasks; Fisher's exact test where no two runs share a
// cluster. q: DiscoveryRates over all entries and behaviours together.
struct RateContrast {
  std::array<std::int64_t, 2> hits{}, runs{};
  DifferenceInterval difference;  // a less b, on the effective number of runs
  double p = 1, q = 1;

  double rate(std::size_t side) const {
    return runs[side] == 0 ? 0 : static_cast<double>(hits[side]) / static_cast<double>(runs[side]);
  }
};

// Medians of the runs of which the amount is known.
struct AmountContrast {
  std::string_view name;  // tokens, nano_usd or duration_ns
  std::array<std::int64_t, 2> known{}, median{};
  std::optional<double> ratio, low, high;  // a / b; the interval from 20 clusters a side on
};

struct ModeContrast {
  std::size_t mode = 0;  // in Cohorts::modes
  RateContrast rate;     // of its eligible runs
};

struct BehaviourContrast {
  std::size_t behaviour = 0;  // in Cohorts::behaviours
  Behaviour what;
  RateContrast rate;
  // Of the shares, a / b, over strata of run length (Mantel and Haenszel; interval of Greenland and
  // Robins 1985, widened by the design effect); of behaviours that are the length, unstratified.
  double ratio = 1, low = 0, high = 0;
  // A run of the side that does it more often which does it, and one of the other side which does
  // not; of the same cluster if there are such.
  std::array<std::optional<std::uint32_t>, 2> example{};
};

// What may explain a difference besides what is compared, with the limits of fix_comparable.h.
struct Drift {
  std::string_view what;            // task, model, version, prompt or tool_set
  std::optional<double> variation;  // TotalVariation of the mixes; absent: cannot be known
  bool limits = false;              // the sides cannot be compared for it
};

struct CohortComparison {
  bool comparable = true;
  bool matched_tasks = false;  // at least half of the runs are of tasks that both sides ran
  std::vector<Drift> drift;
  std::optional<RateContrast> failures;  // of the runs with a known outcome
  std::vector<AmountContrast> amounts;
  std::vector<ModeContrast> modes;  // smallest q first, then largest difference
  // Those with q <= 0.05 first; among them the shortest, then those with the smallest p. Of one
  // that differs only by a number, the one with the smallest p; of those that the same runs do, the
  // shortest; likewise of those of one kind, if one is what all other runs do.
  std::vector<BehaviourContrast> behaviours;
  std::int64_t tested = 0;           // entries and behaviours
  std::int64_t one_sided_modes = 0;  // entries that no run of one side could show
};

inline constexpr std::size_t kMostBehaviourRows = 100;

// `model_is_asked`: the sides are defined by their models. Incomplete once `stop` is requested.
CohortComparison CompareCohorts(const Cohorts& cohorts, bool model_is_asked, std::stop_token stop);

}  // namespace halo
