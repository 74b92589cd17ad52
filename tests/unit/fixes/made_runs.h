// SPDX-License-Identifier: MIT
// Runs written by hand, for the tests of fixes.
#pragma once

#include <string>
#include <vector>

#include "engine/model/observed_run.h"

namespace halo {

struct Made {
  std::string task{};
  bool hit = false;
  bool eligible = true;
  std::string session{}, name = "run", models = "m-1";
};

// Runs that start one after the other, from `first_ns`; their ids are made of their starts.
inline std::vector<ObservedRun> MakeRuns(std::int64_t first_ns, const std::vector<Made>& all) {
  std::vector<ObservedRun> runs;
  for (const Made& made : all) {
    ObservedRun run;
    run.start_ns = first_ns + static_cast<std::int64_t>(runs.size());
    run.key = {"p", "t" + std::to_string(run.start_ns)};
    run.task = made.task;
    run.session = made.session;
    run.name = made.name;
    run.models = made.models;
    run.eligible = made.eligible || made.hit ? 1 : 0;
    run.affected = made.hit ? 1 : 0;
    runs.push_back(run);
  }
  return runs;
}

// `count` runs of tasks of their own, of which the first `hits` are affected.
inline std::vector<Made> Fresh(int count, int hits, const std::string& prefix) {
  std::vector<Made> all;
  for (int i = 0; i < count; ++i) all.push_back({prefix + std::to_string(i), i < hits});
  return all;
}

}  // namespace halo
