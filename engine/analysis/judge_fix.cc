// SPDX-License-Identifier: MIT
#include "engine/analysis/judge_fix.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/analysis/rank_sum.h"

namespace halo {
namespace {

using Runs = std::span<const ObservedRun>;

constexpr double kFalseShare = 0.05;  // of the side effects that are named

// The runs that are compared, with the strata in which they are: tasks where they are matched.
struct Compared {
  std::vector<const ObservedRun*> before, after;
  bool by_task = false;
};

Compared ComparedRuns(const OrderedRuns& both, const std::vector<TargetJudgement>& targets) {
  Compared out;
  out.by_task = !targets.empty();
  std::set<std::string_view> tasks;
  for (const TargetJudgement& target : targets) {
    out.by_task = out.by_task && target.sides.design == FixDesign::kSameTasks;
    tasks.insert(target.sides.tasks.begin(), target.sides.tasks.end());
  }
  const auto add = [&](Runs runs, std::vector<const ObservedRun*>& to) {
    for (const ObservedRun& run : runs) {
      if (!out.by_task || tasks.contains(run.task)) to.push_back(&run);
    }
  };
  add(both.before, out.before);
  add(both.after, out.after);
  return out;
}

std::vector<SideEffect> FindSideEffects(const Compared& compared, const std::set<ModeId>& aims,
                                        std::int64_t& tested) {
  struct Tally {
    std::map<std::string_view, BeforeAfter> strata;
    bool seen_after = false;
  };
  std::map<std::string_view, BeforeAfter> all;
  std::map<ModeId, Tally> entries;
  const auto stratum = [&](const ObservedRun& run) {
    return compared.by_task ? std::string_view(run.task) : std::string_view();
  };
  const auto add = [&](const std::vector<const ObservedRun*>& runs, bool after) {
    for (const ObservedRun* run : runs) {
      BeforeAfter& whole = all[stratum(*run)];
      ++(after ? whole.after : whole.before);
      for (const ModeId entry : run->entries) {
        if (aims.contains(entry)) continue;
        Tally& tally = entries[entry];
        BeforeAfter& hits = tally.strata[stratum(*run)];
        ++(after ? hits.hits_after : hits.hits_before);
        tally.seen_after = tally.seen_after || after;
      }
    }
  };
  add(compared.before, false);
  add(compared.after, true);

  std::vector<SideEffect> effects;
  std::vector<double> p_values;
  for (auto& [entry, tally] : entries) {
    if (!tally.seen_after) continue;
    SideEffect effect{entry, {}, 1};
    std::vector<BeforeAfter> strata;
    for (const auto& [name, whole] : all) {
      BeforeAfter one = tally.strata[name];
      one.before = whole.before;
      one.after = whole.after;
      effect.runs.hits_before += one.hits_before;
      effect.runs.hits_after += one.hits_after;
      effect.runs.before += one.before;
      effect.runs.after += one.after;
      strata.push_back(one);
    }
    effect.p_value = RiseProbability(strata);
    p_values.push_back(effect.p_value);
    effects.push_back(effect);
  }
  tested = static_cast<std::int64_t>(effects.size());
  const std::vector<bool> found = Discoveries(p_values, kFalseShare);
  std::vector<SideEffect> out;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (found[i]) out.push_back(effects[i]);
  }
  // What is new comes before what is worse.
  std::sort(out.begin(), out.end(), [](const SideEffect& a, const SideEffect& b) {
    return std::tuple(a.runs.hits_before > 0, a.p_value, a.entry) <
           std::tuple(b.runs.hits_before > 0, b.p_value, b.entry);
  });
  return out;
}

Quantity Compare(const Compared& compared, std::int64_t ObservedRun::*member) {
  const auto known = [&](const std::vector<const ObservedRun*>& runs) {
    std::vector<std::int64_t> amounts;
    for (const ObservedRun* run : runs) {
      if (run->*member >= 0) amounts.push_back(run->*member);
    }
    std::sort(amounts.begin(), amounts.end());
    return amounts;
  };
  const auto median = [](const std::vector<std::int64_t>& amounts) {
    if (amounts.empty()) return 0.0;
    const std::size_t half = amounts.size() / 2;
    const auto middle = static_cast<double>(amounts[half]);
    return amounts.size() % 2 == 1 ? middle : (middle + static_cast<double>(amounts[half - 1])) / 2;
  };
  const std::vector<std::int64_t> before = known(compared.before), after = known(compared.after);
  return {median(before), median(after), static_cast<std::int64_t>(before.size()),
          static_cast<std::int64_t>(after.size()), RankSumProbability(before, after)};
}

void CompareOutcomes(const Compared& compared, FixJudgement& out) {
  for (const ObservedRun* run : compared.before) {
    out.failures.before += run->outcome != Outcome::kUnknown;
    out.failures.hits_before += run->outcome == Outcome::kFailure;
  }
  for (const ObservedRun* run : compared.after) {
    out.failures.after += run->outcome != Outcome::kUnknown;
    out.failures.hits_after += run->outcome == Outcome::kFailure;
  }
  out.failures_p = RiseProbability({&out.failures, 1});
}

void CountVersion(const ObservedRun& run, Mix& versions) {
  if (!run.version.empty()) ++versions[run.version];
}

// What an inconclusive comparison needs.
void SetNeed(TargetJudgement& out) {
  if (out.verdict != Verdict::kInconclusive) return;
  const FixSides& sides = out.sides;
  const bool matched = sides.design == FixDesign::kSameTasks;
  if (matched && sides.after.observations == 0 && sides.apart.chosen_tasks > 0) {
    out.need = FixNeed::kDraw;
    out.needed = sides.draw_missing;
    return;
  }
  if (sides.before.affected == 0 || sides.before.eligible == 0) {
    out.need = FixNeed::kBaseline;
    return;
  }
  FixOutlook outlook;
  outlook.rate_before =
      sides.sample.before.count() > 0
          ? sides.sample.before.mean()
          : static_cast<double>(sides.before.affected) / static_cast<double>(sides.before.eligible);
  outlook.rate_after = sides.sample.after.mean();
  outlook.more_before = sides.more_before;
  const std::int64_t more = ObservationsToDecide(sides.sample, outlook);
  out.need = matched && more != kNeverDecided ? FixNeed::kRuns : FixNeed::kTasks;
  out.needed = more == kNeverDecided ? 0 : more;
}

}  // namespace

OrderedRuns OrderRuns(const Fix& fix, std::vector<ObservedRun> runs) {
  OrderedRuns out;
  const std::int64_t since_ns = fix.boundary.since_ns;
  std::int64_t first_ns = INT64_MAX;
  std::erase_if(runs, [&](const ObservedRun& run) {
    // The clock of its host is ahead: nothing arrives before it starts.
    const bool early =
        run.after && since_ns != 0 && run.arrived_ns != 0 && run.arrived_ns < since_ns;
    out.too_early += early;
    if (run.after && !early && run.start_ns > 0) first_ns = std::min(first_ns, run.start_ns);
    return early;
  });
  for (ObservedRun& run : runs) {
    if (run.after) {
      out.after.push_back(std::move(run));
    } else if (run.start_ns < first_ns) {
      out.before.push_back(std::move(run));
    } else {
      ++out.unordered;
    }
  }
  return out;
}

FixJudgement JudgeFix(const Fix& fix, ObservedRuns observed,
                      std::span<const std::set<std::uint64_t>> entered) {
  FixJudgement out;
  const OrderedRuns both = OrderRuns(fix, std::move(observed.runs));
  out.unordered = both.unordered;
  out.too_early = both.too_early;
  for (std::size_t i = 0; i < fix.targets.size(); ++i) {
    TargetJudgement one;
    one.target = fix.targets[i];
    FixPlan plan{i, one.target.picked_from, fix.recorded_ns, fix.draw.tasks, nullptr};
    if (i < entered.size()) plan.entered = &entered[i];
    one.sides = SideRuns(both.before, both.after, plan);
    one.comparison = CompareFix(one.sides.sample);
    one.verdict = one.comparison.verdict;
    one.reasons = ReasonsNotToCompare(both.before, both.after, one.sides, i, fix.summary);
    if (!one.reasons.empty()) one.verdict = Verdict::kNotComparable;
    SetNeed(one);
    out.targets.push_back(std::move(one));
  }
  for (const ObservedRun& run : both.after) out.tasks_after.insert(run.task);
  const Compared compared = ComparedRuns(both, out.targets);
  const std::set<ModeId> aims(observed.entries.begin(), observed.entries.end());
  out.side_effects = FindSideEffects(compared, aims, out.entries_tested);
  CompareOutcomes(compared, out);
  for (const ObservedRun* run : compared.before) CountVersion(*run, out.versions_before);
  for (const ObservedRun* run : compared.after) CountVersion(*run, out.versions_after);
  out.duration_ns = Compare(compared, &ObservedRun::duration_ns);
  out.tokens = Compare(compared, &ObservedRun::tokens);
  out.nano_usd = Compare(compared, &ObservedRun::nano_usd);
  return out;
}

bool CameBack(const Fix& fix, ObservedRuns observed, std::size_t target) {
  OrderedRuns both = OrderRuns(fix, std::move(observed.runs));
  std::sort(both.after.begin(), both.after.end(), [](const ObservedRun& a, const ObservedRun& b) {
    return std::tie(a.start_ns, a.key) < std::tie(b.start_ns, b.key);
  });
  const auto first = std::find_if(both.after.begin(), both.after.end(),
                                  [&](const ObservedRun& run) { return run.Affected(target); });
  if (first == both.after.end()) return false;
  both.after.erase(first, both.after.end());
  const FixPlan plan{target, fix.targets[target].picked_from, fix.recorded_ns, fix.draw.tasks,
                     nullptr};
  return CompareFix(SideRuns(both.before, both.after, plan).sample).verdict == Verdict::kFixed;
}

}  // namespace halo
