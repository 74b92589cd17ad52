// SPDX-License-Identifier: MIT
// Calibrates verdicts about fixes by simulation, and prints the tables of docs/quality.md. Ends
// with 1 if a false rate is above 5 %, or the power is below what docs/quality.md promises.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "engine/base/parallel.h"
#include "tests/support/fix_simulation.h"

namespace halo {
namespace {

struct Worst {
  double fixed = 0, improved = 0, worse = 0;
};

double Share(int part, int whole) { return static_cast<double>(part) / whole; }

std::string Median(const FixCellResult& result) {
  return result.median_runs == 0 ? ">200" : std::to_string(result.median_runs);
}

std::string DesignName(const FixCell& cell) {
  std::string name = cell.same_tasks ? "same tasks" : "new tasks";
  name += cell.cluster == 1 ? ", 1 run each" : ", " + std::to_string(cell.cluster) + " runs each";
  return cell.worst_of_30 ? name + ", worst of 30" : name;
}

int Calibrate(int repetitions) {
  const std::vector<FixCell> cells = AllFixCells();
  std::vector<FixCellResult> results(cells.size());
  ForEachIndex(cells.size(), UsefulThreads(), [&](std::size_t i, unsigned) {
    results[i] = SimulateFix(cells[i], repetitions, 1000 + i);
  });

  std::map<double, Worst> by_ratio;
  bool good = true;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Worst& worst = by_ratio[cells[i].ratio];
    worst.fixed = std::max(worst.fixed, Share(results[i].false_fixed, repetitions));
    worst.improved = std::max(worst.improved, Share(results[i].false_improved, repetitions));
    worst.worse = std::max(worst.worse, Share(results[i].false_worse, repetitions));
  }
  std::printf(
      "| true ratio | falsely fixed | falsely improved | falsely worse |\n| ---: | ---: | "
      "---: | ---: |\n");
  for (const auto& [ratio, worst] : by_ratio) {
    std::printf("| %g | %.1f %% | %.1f %% | %.1f %% |\n", ratio, 100 * worst.fixed,
                100 * worst.improved, 100 * worst.worse);
    good = good && worst.fixed <= 0.05 && worst.improved <= 0.05 && worst.worse <= 0.05;
  }
  std::printf(
      "\n| runs | share before | 0 | 0.21 | 0.5 | 0.6 | 1 | 1.5 |\n| --- | ---: | ---: | "
      "---: | ---: | ---: | ---: | ---: |\n");
  for (std::size_t i = 0; i < cells.size(); i += 6) {
    std::printf("| %s | %g |", DesignName(cells[i]).c_str(), cells[i].baseline);
    for (std::size_t k = i; k < i + 6; ++k) std::printf(" %s |", Median(results[k]).c_str());
    std::printf("\n");
  }
  std::printf(
      "\n| 100 independent runs a side, share before 0.4 | fixed at ratio 0 | undecided at "
      "ratio 1 |\n| --- | ---: | ---: |\n");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const FixCell& cell = cells[i];
    if (cell.cluster != 1 || cell.baseline != 0.4 || cell.ratio != 0) continue;
    const double fixed = Share(results[i].fixed, repetitions);
    const double undecided = 1 - Share(results[i + 4].decided, repetitions);
    std::printf("| %s | %.1f %% | %.1f %% |\n", DesignName(cell).c_str(), 100 * fixed,
                100 * undecided);
    good = good && fixed >= 0.8 && undecided >= 0.9;
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace halo

int main(int argc, char** argv) { return halo::Calibrate(argc > 1 ? std::atoi(argv[1]) : 400); }
