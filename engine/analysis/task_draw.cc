// SPDX-License-Identifier: MIT
#include "engine/analysis/task_draw.h"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "engine/base/hash.h"

namespace halo {

TaskDraw DrawTasks(std::span<const ObservedRun> runs, std::uint64_t seed) {
  std::set<std::string> tasks;
  for (const ObservedRun& run : runs) {
    if (run.eligible != 0 && !run.after && !run.task.empty()) tasks.insert(run.task);
  }
  TaskDraw draw{seed, {tasks.begin(), tasks.end()}, static_cast<std::int64_t>(tasks.size())};
  std::mt19937_64 random(seed);
  const std::size_t drawn = std::min(kDrawnTasks, draw.tasks.size());
  for (std::size_t i = 0; i < drawn; ++i) {
    std::swap(draw.tasks[i], draw.tasks[i + random() % (draw.tasks.size() - i)]);
  }
  draw.tasks.resize(drawn);
  return draw;
}

std::uint64_t DefaultSeed(ModeId entry) { return MixHash(0, entry) >> 33; }

}  // namespace halo
