// SPDX-License-Identifier: MIT
// Two sets of runs to be compared, and what a store knows of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/question.h"

namespace halo {

struct CohortQuestion {
  Question base;    // what both sides have in common, and what its units are
  TraceFilter a{};  // within `base`
  // Absent: the runs of `base` that are not in `a`.
  std::optional<TraceFilter> b{};
};

// Runs are settled units. An amount may be kUnknownAmount.
struct CohortRun {
  // Runs of one task, else of one session, resemble each other. Numbered over both sides.
  std::uint32_t cluster = 0;
  // A session, else the run itself, numbered over both sides: the parts of a task.
  std::uint32_t part = 0;
  bool knows_task = false;
  std::uint32_t name = 0;    // equal for runs whose root spans have one name
  std::uint8_t stratum = 0;  // by the number of steps: quartiles of the runs of `base`
  Outcome outcome = Outcome::kUnknown;
  std::int64_t tokens = kUnknownAmount, nano_usd = kUnknownAmount, duration_ns = kUnknownAmount;
  TraceKey trace;  // its first
};

struct Cohort {
  std::vector<CohortRun> runs;
  std::int64_t traces = 0, open_traces = 0;
  // Runs by what they have, most runs first: all models of a run, its version, prompts, tools.
  // Runs without any are left out.
  std::vector<NamedCount> models, versions, prompts, tool_sets;
};

// Indexes of runs, by side; sorted.
using CohortSet = std::array<std::vector<std::uint32_t>, 2>;

struct CohortMode {
  ModeId id = 0;  // of an entry
  std::uint8_t detector = 0;
  Locus locus;
  std::string signature;
  CohortSet runs;              // that show it
  std::uint32_t eligible = 0;  // in Cohorts::eligible; a superset of `runs`
};

struct CohortBehaviour {
  std::string text;  // see behaviour.h
  CohortSet runs;
};

struct Cohorts {
  std::array<Cohort, 2> sides;
  std::uint32_t clusters = 0, parts = 0;
  std::int64_t in_both = 0;       // runs of both sides, which are left out of both
  std::int64_t rare_modes = 0;    // entries that fewer than kFewestSupport runs show
  std::vector<CohortMode> modes;  // of at least kFewestSupport runs, by id
  std::vector<CohortSet> eligible;
  std::vector<CohortBehaviour> behaviours;  // of at least kFewestSupport runs, by text
};

inline constexpr std::size_t kFewestSupport = 5;

}  // namespace halo
