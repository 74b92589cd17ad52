// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_sides.h"

#include <algorithm>
#include <tuple>

namespace halo {
namespace {

constexpr double kSameTasksShare = 0.8;
constexpr double kWholeShare = 0.9;

using Runs = std::span<const ObservedRun>;
// The eligible runs of each task, oldest first.
using ByTask = std::map<std::string, std::vector<const ObservedRun*>>;

ByTask EligibleByTask(Runs runs, std::size_t target) {
  ByTask out;
  for (const ObservedRun& run : runs) {
    if (!run.task.empty() && run.Eligible(target)) out[run.task].push_back(&run);
  }
  for (auto& [task, list] : out) {
    std::sort(list.begin(), list.end(), [](const ObservedRun* a, const ObservedRun* b) {
      return std::tie(a->start_ns, a->key) < std::tie(b->start_ns, b->key);
    });
  }
  return out;
}

FixSide Count(Runs runs, std::size_t target) {
  FixSide side;
  for (const ObservedRun& run : runs) {
    ++side.runs;
    side.eligible += run.Eligible(target);
    side.affected += run.Affected(target);
  }
  return side;
}

class Siding {
 public:
  Siding(Runs before, Runs after, const FixPlan& plan)
      : before_(before), after_(after), plan_(plan) {}

  FixSides Side() {
    out_.before = Count(before_, plan_.target);
    out_.after = Count(after_, plan_.target);
    out_.sample.affected_after = out_.after.affected;
    out_.sample.picked_from = plan_.picked_from;
    for (const ObservedRun& run : after_) {
      out_.varied_after += run.Varied(plan_.target) && !run.Affected(plan_.target);
    }
    if (SameTasks()) {
      out_.design = FixDesign::kSameTasks;
      ChooseTasks();
      MatchRuns();
    } else {
      AddClusters(before_, out_.before, out_.sample.before);
      AddClusters(after_, out_.after, out_.sample.after);
    }
    out_.before.observations = out_.sample.before.count();
    out_.after.observations = out_.sample.after.count();
    return std::move(out_);
  }

 private:
  bool SameTasks() const {
    std::set<std::string_view> known;
    for (const ObservedRun& run : before_) known.insert(run.task);
    std::int64_t same = 0;
    for (const ObservedRun& run : after_) same += !run.task.empty() && known.contains(run.task);
    return same > 0 &&
           static_cast<double>(same) >= kSameTasksShare * static_cast<double>(out_.after.runs);
  }

  void ChooseTasks() {
    before_of_ = EligibleByTask(before_, plan_.target);
    std::set<std::string> ran;
    for (const ObservedRun& run : after_) {
      if (before_of_.contains(run.task)) ran.insert(run.task);
    }
    for (const std::string& task : plan_.draw) out_.draw_missing += !ran.contains(task);
    if (Most(ran.size(), before_of_.size())) {
      out_.tasks = ran;
      return;
    }
    std::vector<std::string_view> drawn(plan_.draw.begin(), plan_.draw.end());
    const auto missing = static_cast<std::size_t>(out_.draw_missing);
    if (!Most(drawn.size() - missing, drawn.size())) {
      // The tasks of the draw that were run may be those that failed; its beginning is a draw.
      const auto gap = std::find_if(drawn.begin(), drawn.end(), [&](std::string_view task) {
        return !ran.contains(std::string(task));
      });
      drawn.erase(gap, drawn.end());
    }
    std::set<std::string> random;
    for (const std::string_view task : drawn) random.emplace(task);
    for (const std::string& task : ran) {
      if (!random.contains(task)) KeepRunsAfterChoice(task);
      if (before_of_.contains(task)) out_.tasks.insert(task);
    }
  }

  static bool Most(std::size_t part, std::size_t whole) {
    return whole > 0 && static_cast<double>(part) >= kWholeShare * static_cast<double>(whole);
  }

  void KeepRunsAfterChoice(const std::string& task) {
    std::vector<const ObservedRun*>& runs = before_of_[task];
    std::erase_if(runs, [&](const ObservedRun* run) { return run->start_ns < plan_.chosen_ns; });
    if (!runs.empty()) return;
    before_of_.erase(task);
    chosen_.insert(task);
  }

  void MatchRuns() {
    ByTask after_of = EligibleByTask(after_, plan_.target);
    for (const auto& [task, runs] : after_of) {
      if (out_.tasks.contains(task)) continue;
      const auto count = static_cast<std::int64_t>(runs.size());
      (chosen_.contains(task) ? out_.apart.chosen_tasks : out_.apart.other_tasks) += count;
    }
    std::size_t rounds = SIZE_MAX;
    for (const std::string& task : out_.tasks) {
      const std::size_t was = before_of_[task].size();
      rounds = std::min(rounds, after_of[task].size() / was);
    }
    for (const std::string& task : out_.tasks) {
      const std::vector<const ObservedRun*>&was = before_of_[task], &is = after_of[task];
      const std::size_t pairs = std::min(was.size(), is.size());
      const std::size_t taken = rounds > 1 ? was.size() * rounds : pairs;
      Add(was, pairs, out_.before, out_.sample.before);
      Add(is, taken, out_.after, out_.sample.after);
      out_.apart.unmatched += static_cast<std::int64_t>(is.size() - taken);
      out_.more_before += static_cast<std::int64_t>(was.size() - pairs);
    }
  }

  void Add(const std::vector<const ObservedRun*>& runs, std::size_t count, FixSide& side,
           BoundedSample& sample) {
    for (std::size_t i = 0; i < count; ++i) {
      sample.Add(runs[i]->Affected(plan_.target) ? 1 : 0);
    }
    side.entered += static_cast<std::int64_t>(count);
  }

  void AddClusters(Runs runs, FixSide& side, BoundedSample& sample) {
    struct Cluster {
      std::int64_t runs = 0, affected = 0;  // entered before
      std::int64_t new_runs = 0, new_affected = 0;
      std::vector<std::uint64_t> hashes;
    };
    std::map<std::tuple<int, std::string, std::string>, Cluster> clusters;
    for (const ObservedRun& run : runs) {
      if (!run.Eligible(plan_.target)) continue;
      const int kind = !run.task.empty() ? 0 : !run.session.empty() ? 1 : 2;
      const std::string& name = kind == 0 ? run.task : kind == 1 ? run.session : run.key.trace_id;
      Cluster& cluster = clusters[{kind, run.key.project, name}];
      const std::uint64_t hash = RunHash(run);
      if (plan_.entered && plan_.entered->contains(hash)) {
        ++cluster.runs;
        cluster.affected += run.Affected(plan_.target);
      } else {
        ++cluster.new_runs;
        cluster.new_affected += run.Affected(plan_.target);
        cluster.hashes.push_back(hash);
      }
    }
    for (auto& [key, cluster] : clusters) {
      if (cluster.runs == 0) {
        cluster.runs = cluster.new_runs;
        cluster.affected = cluster.new_affected;
        out_.entering.insert(cluster.hashes.begin(), cluster.hashes.end());
      } else if (&side == &out_.after) {
        out_.apart.closed += cluster.new_runs;
      }
      side.entered += cluster.runs;
      sample.Add(static_cast<double>(cluster.affected) / static_cast<double>(cluster.runs));
    }
  }

  Runs before_, after_;
  const FixPlan& plan_;
  FixSides out_;
  ByTask before_of_;
  std::set<std::string> chosen_;
};

}  // namespace

FixSides SideRuns(Runs before, Runs after, const FixPlan& plan) {
  return Siding(before, after, plan).Side();
}

}  // namespace halo
