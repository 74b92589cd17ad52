// SPDX-License-Identifier: MIT
#include "tests/support/fix_simulation.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <span>
#include <string>

#include "engine/analysis/fix_sides.h"
#include "engine/analysis/fix_verdict.h"

namespace halo {
namespace {

constexpr int kRunsBefore = 100, kRunsAfter = 200, kLookEvery = 10;
constexpr double kCorrelation = 0.3;

// Distributions of the standard library differ between implementations; these do not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}

  double Uniform() { return static_cast<double>(bits_() >> 11) * 0x1p-53; }
  bool Hit(double share) { return Uniform() < share; }
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(bits_() % limit); }

  // The share of one task: a beta distribution by Johnk's method (1964), with the correlation
  // 1 / (a + b + 1).
  double TaskShare(double mean) {
    const double sum = 1 / kCorrelation - 1;
    const double a = mean * sum, b = (1 - mean) * sum;
    while (true) {
      const double x = std::pow(Uniform(), 1 / a), y = std::pow(Uniform(), 1 / b);
      if (x + y > 0 && x + y <= 1) return x / (x + y);
    }
  }

 private:
  std::mt19937_64 bits_;
};

struct Task {
  std::string name;
  double share = 0;
};

std::vector<Task> MakeTasks(const FixCell& cell, int count, const char* prefix, Random& random) {
  std::vector<Task> tasks;
  for (int i = 0; i < count; ++i) {
    const double share = cell.cluster == 1 ? cell.baseline : random.TaskShare(cell.baseline);
    tasks.push_back({prefix + std::to_string(i), share});
  }
  return tasks;
}

ObservedRun MakeRun(const std::string& task, bool hit, std::int64_t at) {
  ObservedRun run;
  run.key = {"p", std::to_string(at)};
  run.start_ns = at;
  run.task = task;
  run.eligible = 1;
  run.affected = hit ? 1 : 0;
  return run;
}

struct Baseline {
  std::vector<Task> tasks;
  std::vector<ObservedRun> runs;
  int hits = 0;
};

Baseline MakeBaseline(const FixCell& cell, Random& random) {
  Baseline out;
  out.tasks = MakeTasks(cell, kRunsBefore / cell.cluster, "old", random);
  for (const Task& task : out.tasks) {
    for (int i = 0; i < cell.cluster; ++i) {
      const bool hit = random.Hit(task.share);
      out.hits += hit;
      out.runs.push_back(MakeRun(task.name, hit, static_cast<std::int64_t>(out.runs.size()) + 1));
    }
  }
  return out;
}

// The runs after, in their order: of new tasks one task after the other, of the same tasks in
// rounds in a random order.
std::vector<ObservedRun> RunsAfter(const FixCell& cell, std::vector<Task>& tasks, Random& random) {
  if (cell.same_tasks) {
    for (std::size_t i = tasks.size(); i > 1; --i) std::swap(tasks[i - 1], tasks[random.Below(i)]);
  } else {
    tasks = MakeTasks(cell, kRunsAfter / cell.cluster, "new", random);
  }
  std::vector<ObservedRun> runs;
  for (int i = 0; i < kRunsAfter; ++i) {
    const auto at = static_cast<std::size_t>(cell.same_tasks ? i : i / cell.cluster);
    const Task& task = tasks[at % tasks.size()];
    const bool hit = random.Hit(std::min(1.0, cell.ratio * task.share));
    runs.push_back(MakeRun(task.name, hit, 1'000'000 + i));
  }
  return runs;
}

void Look(const FixCell& cell, const std::vector<Verdict>& verdicts, FixCellResult& out,
          std::vector<std::int64_t>& runs_until) {
  const auto any = [&](Verdict verdict) {
    return std::find(verdicts.begin(), verdicts.end(), verdict) != verdicts.end();
  };
  out.false_fixed += cell.ratio > 0.5 && any(Verdict::kFixed);
  out.false_improved += cell.ratio >= 1 && (any(Verdict::kImproved) || any(Verdict::kFixed));
  out.false_worse += cell.ratio <= 1 && any(Verdict::kWorse);
  const Verdict at_100 = verdicts[100 / kLookEvery - 1];
  out.fixed += at_100 == Verdict::kFixed;
  out.decided += at_100 != Verdict::kInconclusive;
  const auto first = std::find_if(verdicts.begin(), verdicts.end(), [](Verdict verdict) {
    return verdict != Verdict::kInconclusive;
  });
  runs_until.push_back(first == verdicts.end() ? INT64_MAX
                                               : (first - verdicts.begin() + 1) * kLookEvery);
}

}  // namespace

FixCellResult SimulateFix(const FixCell& cell, int repetitions, std::uint64_t seed) {
  FixCellResult out;
  out.repetitions = repetitions;
  std::vector<std::int64_t> runs_until;
  Random random(seed);
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    Baseline baseline = MakeBaseline(cell, random);
    for (int i = 1; cell.worst_of_30 && i < 30; ++i) {
      Baseline other = MakeBaseline(cell, random);
      if (other.hits > baseline.hits) baseline = std::move(other);
    }
    const std::vector<ObservedRun> after = RunsAfter(cell, baseline.tasks, random);
    std::vector<std::string> draw;
    if (cell.same_tasks) {
      for (const Task& task : baseline.tasks) draw.push_back(task.name);
    }
    std::set<std::uint64_t> entered;
    const FixPlan plan{0, cell.worst_of_30 ? 30 : 1, 500'000, draw, &entered};
    std::vector<Verdict> verdicts;
    for (std::size_t runs = kLookEvery; runs <= kRunsAfter; runs += kLookEvery) {
      const FixSides sides = SideRuns(baseline.runs, std::span(after).first(runs), plan);
      entered.insert(sides.entering.begin(), sides.entering.end());
      verdicts.push_back(CompareFix(sides.sample).verdict);
    }
    Look(cell, verdicts, out, runs_until);
  }
  std::sort(runs_until.begin(), runs_until.end());
  const std::int64_t median = runs_until[runs_until.size() / 2];
  out.median_runs = median == INT64_MAX ? 0 : median;
  return out;
}

std::vector<FixCell> AllFixCells() {
  std::vector<FixCell> cells;
  for (const bool worst : {false, true}) {
    for (const bool same : {true, false}) {
      for (const int cluster : {1, 4, 10}) {
        for (const double baseline : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}) {
          for (const double ratio : {0.0, 0.21, 0.5, 0.6, 1.0, 1.5}) {
            cells.push_back({ratio, baseline, cluster, same, worst});
          }
        }
      }
    }
  }
  return cells;
}

}  // namespace halo
