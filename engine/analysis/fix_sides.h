// SPDX-License-Identifier: MIT
// Which runs before and after a fix are compared, and what counts as one observation. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/fix_verdict.h"
#include "engine/model/fix.h"
#include "engine/model/observed_run.h"

namespace halo {

enum class FixDesign : std::uint8_t {
  // Both sides ran the same tasks. Each eligible run is one observation: of each task as many runs
  // before as after, then whole multiples of those after, so that a task has the same weight on
  // both sides.
  kSameTasks,
  // Each task, else session, else run is one observation: its share of affected runs.
  kClusters,
  kReadings,  // each run of a blind reading is one observation (judge_reading.h)
};

// The runs of one side.
struct FixSide {
  std::int64_t runs = 0, eligible = 0, affected = 0;  // settled ones
  std::int64_t entered = 0;                           // eligible runs that are in the observations
  std::int64_t observations = 0;
};

// Runs after that do not decide, each under the first reason.
struct RunsApart {
  std::int64_t chosen_tasks = 0;  // of tasks chosen otherwise than by the draw
  std::int64_t other_tasks = 0;   // of tasks that only one side ran
  std::int64_t closed = 0;        // of clusters that an earlier look closed
  std::int64_t unmatched = 0;     // more of a task than before
};

struct FixSides {
  FixDesign design = FixDesign::kClusters;
  FixSample sample;
  FixSide before, after;
  RunsApart apart;
  std::int64_t varied_after = 0;     // runs that show a variant which is newer than the fix
  std::int64_t more_before = 0;      // kSameTasks: runs before that may still be matched
  std::int64_t draw_missing = 0;     // tasks of the draw without a run after
  std::set<std::string> tasks;       // kSameTasks: those that decide
  std::set<std::uint64_t> entering;  // kClusters: runs that enter at this look

  // Whether the run is among those compared: any, or one of a deciding task.
  bool Compares(const ObservedRun& run) const {
    return design == FixDesign::kClusters || tasks.contains(run.task);
  }
};

// What is known of a fix besides the runs.
struct FixPlan {
  std::size_t target = 0;  // bit of ObservedRun
  std::int64_t picked_from = 1;
  std::int64_t chosen_ns = 0;           // when the tasks to run again were chosen
  std::span<const std::string> draw{};  // in their order
  // Runs that entered at earlier looks; a cluster with one of them is closed.
  const std::set<std::uint64_t>* entered = nullptr;
};

// Tasks count as the same if four fifths of the runs after are of tasks that ran before. Of those,
// these decide: all, if nine tenths of the tasks with the opportunity were run again; else those of
// the draw, if nine tenths of it were run, else the first of the draw up to one that was not; and
// others by the runs before that were made after the choice (FixPlan::chosen_ns).
FixSides SideRuns(std::span<const ObservedRun> before, std::span<const ObservedRun> after,
                  const FixPlan& plan);

}  // namespace halo
