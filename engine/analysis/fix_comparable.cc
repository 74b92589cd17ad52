// SPDX-License-Identifier: MIT
#include "engine/analysis/fix_comparable.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "engine/analysis/false_discoveries.h"
#include "engine/analysis/mix_difference.h"
#include "engine/analysis/total_variation.h"
#include "engine/base/ascii.h"

namespace halo {
namespace {

using Runs = std::span<const ObservedRun>;

constexpr double kError = 0.05;

std::string ClusterName(const ObservedRun& run) {
  return !run.task.empty()      ? "t" + run.task
         : !run.session.empty() ? "s" + run.session
                                : "r" + run.key.trace_id;
}

template <class Category>
std::vector<MixedCluster> MixOf(Runs before, Runs after, const FixSides& sides,
                                Category&& category) {
  std::map<std::pair<bool, std::string>, MixedCluster> clusters;
  for (const bool is_after : {false, true}) {
    for (const ObservedRun& run : is_after ? after : before) {
      if (!sides.Compares(run)) continue;
      MixedCluster& cluster = clusters[{is_after, ClusterName(run)}];
      cluster.after = is_after;
      ++cluster.mix[category(run)];
    }
  }
  std::vector<MixedCluster> out;
  for (auto& [key, cluster] : clusters) out.push_back(std::move(cluster));
  return out;
}

// Tasks that both sides ran are compared one by one; of the others only what kind of run they are.
std::optional<double> OtherTasks(Runs before, Runs after, const FixSides& sides) {
  if (sides.design == FixDesign::kSameTasks) return std::nullopt;
  std::set<std::string_view> was, both;
  for (const ObservedRun& run : before) was.insert(run.task);
  for (const ObservedRun& run : after) {
    if (!run.task.empty() && was.contains(run.task)) both.insert(run.task);
  }
  return MixDiffers(MixOf(before, after, sides, [&](const ObservedRun& run) {
    return both.contains(run.task) ? "task " + run.task : "name " + run.name;
  }));
}

bool Names(std::string_view summary, std::string_view model) {
  return ascii::ToLower(summary).find(ascii::ToLower(model)) != std::string::npos;
}

Mix ModelsOf(Runs runs, const FixSides& sides) {
  Mix mix;
  for (const ObservedRun& run : runs) {
    if (sides.Compares(run) && !run.models.empty()) ++mix[run.models];
  }
  return mix;
}

std::string MostFrequent(const Mix& mix) {
  const auto most = std::max_element(
      mix.begin(), mix.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == mix.end() ? std::string() : most->first;
}

// Whether the fix names each model of `models`, which are joined by ", ".
bool NamesAll(std::string_view summary, std::string_view models) {
  while (!models.empty()) {
    const std::size_t end = models.find(", ");
    if (!Names(summary, models.substr(0, end))) return false;
    if (end == models.npos) break;
    models.remove_prefix(end + 2);
  }
  return true;
}

std::optional<FixReason> OtherModel(Runs before, Runs after, const FixSides& sides,
                                    std::string_view summary) {
  const Mix was = ModelsOf(before, sides), is = ModelsOf(after, sides);
  const double variation = TotalVariation(was, is);
  if (variation <= kMostVariation) return std::nullopt;
  FixReason reason{FixReason::Kind::kModel, 0, 0, variation, MostFrequent(was), MostFrequent(is)};
  if (NamesAll(summary, reason.is)) return std::nullopt;
  return reason;
}

std::optional<FixReason> LessOpportunity(Runs before, Runs after, const FixSides& sides,
                                         std::size_t target) {
  BeforeAfter missed;
  for (const ObservedRun& run : before) {
    if (!sides.Compares(run)) continue;
    ++missed.before;
    missed.hits_before += !run.Eligible(target);
  }
  for (const ObservedRun& run : after) {
    if (!sides.Compares(run)) continue;
    ++missed.after;
    missed.hits_after += !run.Eligible(target);
  }
  if (missed.before == 0 || missed.after == 0) return std::nullopt;
  const auto share = [](std::int64_t missing, std::int64_t all) {
    return 1 - static_cast<double>(missing) / static_cast<double>(all);
  };
  const double was = share(missed.hits_before, missed.before);
  const double is = share(missed.hits_after, missed.after);
  if (is >= was / 2 || RiseProbability({&missed, 1}) >= kError) return std::nullopt;
  return FixReason{FixReason::Kind::kOpportunity, was, is, 0, {}, {}};
}

}  // namespace

std::vector<FixReason> ReasonsNotToCompare(Runs before, Runs after, const FixSides& sides,
                                           std::size_t target, std::string_view summary) {
  std::vector<FixReason> reasons;
  if (auto reason = LessOpportunity(before, after, sides, target)) {
    reasons.push_back(std::move(*reason));
  }
  if (const auto variation = OtherTasks(before, after, sides)) {
    reasons.push_back({FixReason::Kind::kTaskMix, 0, 0, *variation, {}, {}});
  }
  if (auto reason = OtherModel(before, after, sides, summary)) {
    reasons.push_back(std::move(*reason));
  }
  return reasons;
}

}  // namespace halo
