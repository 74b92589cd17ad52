// SPDX-License-Identifier: MIT
#include "engine/analysis/compare_cohorts.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "engine/analysis/bootstrap.h"
#include "engine/analysis/cohort_blocks.h"
#include "engine/analysis/discovery_rates.h"
#include "engine/analysis/fisher.h"
#include "engine/analysis/stratified_ratio.h"
#include "engine/analysis/total_variation.h"

namespace halo {
namespace {

constexpr double kDiscovery = 0.05;

Mix MixOf(const std::vector<NamedCount>& counts) {
  Mix mix;
  for (const NamedCount& each : counts) mix[each.name] += each.traces;
  return mix;
}

class Comparing {
 public:
  Comparing(const Cohorts& cohorts, std::stop_token stop)
      : cohorts_(cohorts), stop_(std::move(stop)), blocks_(cohorts) {
    for (std::size_t side = 0; side < 2; ++side) {
      all_[side].resize(cohorts.sides[side].runs.size());
      std::iota(all_[side].begin(), all_[side].end(), 0u);
    }
  }

  CohortComparison Compare(bool model_is_asked) {
    AddDrift(model_is_asked);
    AddFailures();
    AddAmount("tokens", &CohortRun::tokens);
    AddAmount("nano_usd", &CohortRun::nano_usd);
    AddAmount("duration_ns", &CohortRun::duration_ns);
    AddModes();
    AddBehaviours();
    Correct();
    Rank();
    return std::move(out_);
  }

 private:
  std::int64_t RunsOf(std::size_t side) const {
    return static_cast<std::int64_t>(cohorts_.sides[side].runs.size());
  }

  void AddDrift(bool model_is_asked) {
    const std::int64_t runs = RunsOf(0) + RunsOf(1);
    out_.matched_tasks = 2 * blocks_.matched_runs() >= runs && runs > 0;
    out_.drift.push_back(TaskDrift());
    const Cohort &a = cohorts_.sides[0], &b = cohorts_.sides[1];
    Drift model = DriftOf("model", a.models, b.models);
    model.limits = !model_is_asked && model.variation.value_or(0) > kMostVariation;
    out_.drift.push_back(model);
    out_.drift.push_back(DriftOf("version", a.versions, b.versions));
    out_.drift.push_back(DriftOf("prompt", a.prompts, b.prompts));
    out_.drift.push_back(DriftOf("tool_set", a.tool_sets, b.tool_sets));
    for (const Drift& each : out_.drift) out_.comparable = out_.comparable && !each.limits;
  }

  static Drift DriftOf(std::string_view what, const std::vector<NamedCount>& a,
                       const std::vector<NamedCount>& b) {
    Drift drift;
    drift.what = what;
    if (!a.empty() && !b.empty()) drift.variation = TotalVariation(MixOf(a), MixOf(b));
    return drift;
  }

  // Compares tasks one by one if both sides ran them, and all other runs only by the name of their
  // root span: two halves of runs whose tasks never repeat have no task in common.
  Drift TaskDrift() const {
    std::array<std::set<std::uint32_t>, 2> tasks;
    for (std::size_t side = 0; side < 2; ++side) {
      for (const CohortRun& run : cohorts_.sides[side].runs) {
        if (run.knows_task) tasks[side].insert(run.cluster);
      }
    }
    std::map<std::pair<bool, std::uint32_t>, MixedCluster> clusters;
    for (std::size_t side = 0; side < 2; ++side) {
      for (const CohortRun& run : cohorts_.sides[side].runs) {
        const bool in_both = run.knows_task && tasks[1 - side].contains(run.cluster);
        MixedCluster& cluster = clusters[{side == 1, run.cluster}];
        cluster.after = side == 1;
        ++cluster.mix[in_both ? "task " + std::to_string(run.cluster)
                              : "name " + std::to_string(run.name)];
      }
    }
    std::vector<MixedCluster> mixes;
    for (auto& [key, cluster] : clusters) mixes.push_back(std::move(cluster));
    Drift drift;
    drift.what = "task";
    if (!all_[0].empty() && !all_[1].empty()) drift.variation = VariationOf(mixes);
    drift.limits = !out_.matched_tasks && MixDiffers(std::move(mixes)).has_value();
    return drift;
  }

  RateContrast RateOf(const CohortSet& hits, const CohortSet& trials) const {
    RateContrast rate;
    std::array<ShareTrials, 2> shares;
    for (std::size_t side = 0; side < 2; ++side) {
      rate.hits[side] = static_cast<std::int64_t>(hits[side].size());
      rate.runs[side] = static_cast<std::int64_t>(trials[side].size());
      shares[side] = {rate.hits[side], rate.runs[side],
                      blocks_.Effect(side, hits[side], trials[side])};
    }
    rate.difference = NewcombeInterval(shares[0], shares[1]);
    return rate;
  }

  double Probability(const CohortSet& hits, const RateContrast& rate,
                     const Permutations::Trials& trials, bool stratified) const {
    if (blocks_.single() && !stratified) {
      return FisherExact(rate.hits[0], rate.runs[0], rate.hits[1], rate.runs[1]);
    }
    return blocks_.permutations().Probability(blocks_.Count(hits, stratified), trials);
  }

  void AddFailures() {
    CohortSet hits, trials;
    for (std::size_t side = 0; side < 2; ++side) {
      for (const std::uint32_t run : all_[side]) {
        const Outcome outcome = cohorts_.sides[side].runs[run].outcome;
        if (outcome != Outcome::kUnknown) trials[side].push_back(run);
        if (outcome == Outcome::kFailure) hits[side].push_back(run);
      }
    }
    if (trials[0].empty() || trials[1].empty()) return;
    RateContrast rate = RateOf(hits, trials);
    const auto counted = blocks_.permutations().Count(blocks_.Count(trials, false));
    rate.p = rate.q = Probability(hits, rate, counted, false);
    out_.failures = rate;
  }

  void AddAmount(std::string_view name, std::int64_t CohortRun::*amount) {
    std::array<std::vector<ClusteredValue>, 2> values;
    AmountContrast contrast;
    contrast.name = name;
    for (std::size_t side = 0; side < 2; ++side) {
      for (const CohortRun& run : cohorts_.sides[side].runs) {
        if (run.*amount >= 0) values[side].push_back({run.cluster, run.*amount});
      }
      contrast.known[side] = static_cast<std::int64_t>(values[side].size());
      contrast.median[side] = MedianOf(values[side]);
    }
    if (values[0].empty() && values[1].empty()) return;
    if (contrast.median[1] > 0 && !values[0].empty()) {
      contrast.ratio =
          static_cast<double>(contrast.median[0]) / static_cast<double>(contrast.median[1]);
      if (const auto interval = RatioOfMedians(std::move(values[0]), std::move(values[1]))) {
        contrast.low = interval->low;
        contrast.high = interval->high;
      }
    }
    out_.amounts.push_back(contrast);
  }

  void AddModes() {
    std::map<std::uint32_t, Permutations::Trials> counted;
    for (std::size_t i = 0; i < cohorts_.modes.size() && !stop_.stop_requested(); ++i) {
      const CohortMode& mode = cohorts_.modes[i];
      const CohortSet& trials = cohorts_.eligible[mode.eligible];
      if (trials[0].empty() || trials[1].empty()) {
        ++out_.one_sided_modes;
        continue;
      }
      ModeContrast contrast{i, RateOf(mode.runs, trials)};
      if (!counted.contains(mode.eligible)) {
        counted[mode.eligible] = blocks_.permutations().Count(blocks_.Count(trials, false));
      }
      contrast.rate.p = Probability(mode.runs, contrast.rate, counted[mode.eligible], false);
      out_.modes.push_back(std::move(contrast));
    }
  }

  void AddBehaviours() {
    const std::array<Permutations::Trials, 2> counted = {
        blocks_.permutations().Count(blocks_.Count(all_, false)),
        blocks_.permutations().Count(blocks_.Count(all_, true))};
    for (std::size_t i = 0; i < cohorts_.behaviours.size() && !stop_.stop_requested(); ++i) {
      const CohortBehaviour& given = cohorts_.behaviours[i];
      const std::optional<Behaviour> what = ParseBehaviour(given.text);
      const std::size_t hits = given.runs[0].size() + given.runs[1].size();
      // What all runs do, and what the sides are made of, does not distinguish them.
      if (!what || what->IsSetup() || hits == all_[0].size() + all_[1].size()) continue;
      BehaviourContrast contrast{i, *what, RateOf(given.runs, all_)};
      const bool stratified = !what->IsLength();
      contrast.rate.p =
          Probability(given.runs, contrast.rate, counted[stratified ? 1 : 0], stratified);
      AddRatio(given.runs, stratified, contrast);
      out_.behaviours.push_back(std::move(contrast));
    }
  }

  void AddRatio(const CohortSet& hits, bool stratified, BehaviourContrast& contrast) const {
    std::array<ShareStratum, 256> strata{};
    const auto stratum = [&](std::size_t side, std::uint32_t run) -> ShareStratum& {
      return strata[stratified ? cohorts_.sides[side].runs[run].stratum : 0];
    };
    for (const std::uint32_t run : all_[0]) ++stratum(0, run).a;
    for (const std::uint32_t run : all_[1]) ++stratum(1, run).b;
    for (const std::uint32_t run : hits[0]) ++stratum(0, run).hits_a;
    for (const std::uint32_t run : hits[1]) ++stratum(1, run).hits_b;
    const double effect =
        std::max(blocks_.Effect(0, hits[0], all_[0]), blocks_.Effect(1, hits[1], all_[1]));
    const ShareRatio ratio = StratifiedRatio(strata, effect);
    contrast.ratio = ratio.ratio;
    contrast.low = ratio.low;
    contrast.high = ratio.high;
  }

  void Correct() {
    std::vector<double> p;
    for (const ModeContrast& each : out_.modes) p.push_back(each.rate.p);
    for (const BehaviourContrast& each : out_.behaviours) p.push_back(each.rate.p);
    const std::vector<double> q = DiscoveryRates(p);
    out_.tested = static_cast<std::int64_t>(p.size());
    for (std::size_t i = 0; i < q.size(); ++i) {
      const std::size_t modes = out_.modes.size();
      (i < modes ? out_.modes[i].rate : out_.behaviours[i - modes].rate).q = q[i];
    }
  }

  void Rank() {
    const auto mode_order = [&](const ModeContrast& m) {
      return std::tuple(m.rate.q, -std::abs(m.rate.difference.difference),
                        cohorts_.modes[m.mode].id);
    };
    std::sort(out_.modes.begin(), out_.modes.end(),
              [&](const auto& x, const auto& y) { return mode_order(x) < mode_order(y); });
    KeepOneOfEach();
    const auto order = [&](const BehaviourContrast& b) {
      const bool is_discovery = b.rate.q <= kDiscovery;
      return std::tuple(!is_discovery, is_discovery ? b.what.Length() : 0, b.rate.p,
                        -std::abs(std::log(b.ratio)),
                        std::string_view(cohorts_.behaviours[b.behaviour].text));
    };
    std::sort(out_.behaviours.begin(), out_.behaviours.end(),
              [&](const auto& x, const auto& y) { return order(x) < order(y); });
    if (out_.behaviours.size() > kMostBehaviourRows) out_.behaviours.resize(kMostBehaviourRows);
    for (BehaviourContrast& each : out_.behaviours) ChooseExamples(each);
  }

  CohortSet OthersThan(const CohortSet& runs) const {
    CohortSet others;
    for (std::size_t side = 0; side < 2; ++side) {
      std::set_difference(all_[side].begin(), all_[side].end(), runs[side].begin(),
                          runs[side].end(), std::back_inserter(others[side]));
    }
    return others;
  }

  void KeepOneOfEach() {
    std::map<std::tuple<BehaviourKind, std::string, std::string>, std::size_t> by_name;
    std::map<CohortSet, BehaviourKind> by_runs;
    std::vector<BehaviourContrast> sorted = std::exchange(out_.behaviours, {});
    // Kept sets are looked up in this order, so that the first of each is the one to keep.
    const auto order = [](const BehaviourContrast& b) {
      return std::tuple(b.rate.p, b.what.Length(), -std::abs(b.rate.difference.difference),
                        b.what.kind, b.what.n, b.behaviour);
    };
    std::sort(sorted.begin(), sorted.end(),
              [&](const auto& x, const auto& y) { return order(x) < order(y); });
    for (BehaviourContrast& each : sorted) {
      if (!by_name.try_emplace({each.what.kind, each.what.a, each.what.b}, 0).second) continue;
      const CohortSet& runs = cohorts_.behaviours[each.behaviour].runs;
      const auto others = by_runs.find(OthersThan(runs));
      if (others != by_runs.end() && others->second == each.what.kind) continue;
      if (!by_runs.try_emplace(runs, each.what.kind).second) continue;
      out_.behaviours.push_back(std::move(each));
    }
  }

  void ChooseExamples(BehaviourContrast& contrast) const {
    const CohortSet& runs = cohorts_.behaviours[contrast.behaviour].runs;
    const std::size_t more = contrast.rate.difference.difference >= 0 ? 0 : 1, less = 1 - more;
    if (runs[more].empty()) return;
    std::map<std::uint32_t, std::uint32_t> without;  // the first run of each cluster
    std::optional<std::uint32_t> first;
    for (const std::uint32_t run : all_[less]) {
      if (std::binary_search(runs[less].begin(), runs[less].end(), run)) continue;
      if (!first) first = run;
      without.try_emplace(cohorts_.sides[less].runs[run].cluster, run);
    }
    contrast.example[more] = runs[more].front();
    contrast.example[less] = first;
    for (const std::uint32_t run : runs[more]) {
      const auto match = without.find(cohorts_.sides[more].runs[run].cluster);
      if (match == without.end()) continue;
      contrast.example[more] = run;
      contrast.example[less] = match->second;
      return;
    }
  }

  const Cohorts& cohorts_;
  const std::stop_token stop_;
  const CohortBlocks blocks_;
  CohortSet all_;
  CohortComparison out_;
};

}  // namespace

CohortComparison CompareCohorts(const Cohorts& cohorts, bool model_is_asked, std::stop_token stop) {
  return Comparing(cohorts, std::move(stop)).Compare(model_is_asked);
}

}  // namespace halo
