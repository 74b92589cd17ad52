// SPDX-License-Identifier: MIT
#include "engine/analysis/rank.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "engine/analysis/clustered_share.h"
#include "engine/analysis/statistics.h"
#include "engine/detectors/all_detectors.h"

namespace halo {
namespace {

double Ratio(std::int64_t part, std::int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

Share ShareOf(std::int64_t hits, std::int64_t trials, std::span<const ClusterCount> clusters) {
  const ShareInterval interval = ClusteredInterval(hits, trials, clusters);
  const double value = trials > 0 ? static_cast<double>(hits) / static_cast<double>(trials) : 0.0;
  return {value, interval.low, interval.high};
}

// Whether a mode occurs in two parts of the time range. If nearly all runs lie in one part (a few
// old runs or a wrong clock stretch the range), the parts prove nothing, and the result is true.
bool SpreadsOverTime(const ModeStats& mode) {
  const auto parts =
      std::count_if(mode.trend.begin(), mode.trend.end(), [](std::int64_t n) { return n > 0; });
  const std::int64_t runs =
      std::accumulate(mode.trend_all.begin(), mode.trend_all.end(), std::int64_t{0});
  const std::int64_t most = *std::max_element(mode.trend_all.begin(), mode.trend_all.end());
  return parts >= 2 || most * 10 >= runs * 9;
}

Generality GeneralityOf(const ModeStats& mode) {
  // Distinct tasks are the best evidence that a mode generalises, then distinct sessions.
  const std::int64_t groups = mode.tasks > 0      ? mode.tasks
                              : mode.sessions > 0 ? mode.sessions
                                                  : mode.units;
  if (mode.units <= 1) return Generality::kOneOff;
  if (mode.units < 3 && (mode.tasks == 1 || mode.sessions == 1)) return Generality::kOneOff;
  if (mode.units >= 5 && groups >= 3 && SpreadsOverTime(mode)) return Generality::kSystemic;
  return Generality::kRecurring;
}

// Bytes of a signature in a title: enough to recognise an error.
constexpr std::size_t kTitleSignature = 120;

// "{tool} keeps failing" with the mode's own words in the braces.
Prose FillTitle(std::string_view title, const Locus& locus, std::string_view signature) {
  Prose out;
  while (!title.empty()) {
    const std::size_t open = title.find('{');
    const std::size_t close = open == title.npos ? title.npos : title.find('}', open);
    std::string_view words = title.substr(0, close == title.npos ? title.npos : open);
    const std::string_view name =
        close == title.npos ? std::string_view() : title.substr(open + 1, close - open - 1);
    const bool nothing_follows = name == "signature" && signature.empty();
    if (nothing_follows && words.ends_with(": ")) words.remove_suffix(2);
    out.Add(Words(words));
    if (close == title.npos) break;
    if (name == "tool") {
      const std::string& called = !locus.tool.empty() ? locus.tool : locus.span_name;
      out.Add(called.empty() ? Prose("an unnamed call") : Say(TraceName(called)));
    } else if (name == "agent") {
      out.Add(locus.agent.empty() ? Prose("the agent") : Say(TraceName(locus.agent)));
    } else if (name == "signature") {
      out.Add(TraceText(signature, kTitleSignature));
    }
    title.remove_prefix(close + 1);
  }
  return out;
}

// If several modes have the same title, adds the part of the locus in which they differ.
void DisambiguateTitles(std::vector<RankedMode>& modes) {
  for (std::string Locus::*const part : {&Locus::agent, &Locus::tool, &Locus::span_name}) {
    std::map<Prose, std::set<std::string>> names;
    for (const RankedMode& mode : modes) names[mode.title].insert(mode.stats.locus.*part);
    for (RankedMode& mode : modes) {
      const std::string& name = mode.stats.locus.*part;
      if (names[mode.title].size() > 1 && !name.empty()) {
        mode.title.Add(" (", TraceName(name), ")");
      }
    }
  }
}

// Whether a status of `mode` is one of the entry. Effects have none of their own.
bool IsOfEntry(ModeId mode, const ModeStats& entry) {
  return mode == entry.id ||
         std::any_of(entry.variants.begin(), entry.variants.end(),
                     [&](const ModeMember& variant) { return variant.id == mode; });
}

// Computes the outcome factor from the strata of the mode. `weak`: all outcomes are the status of
// the runs' own spans, which is good also where an agent gave up.
void SetOutcomeFactor(RankedMode& mode, bool weak) {
  std::vector<RiskStratum> strata;
  std::int64_t failures = 0, successes = 0;
  for (const OutcomeTable& table : mode.stats.outcomes) {
    strata.push_back(
        {table.mode_failure, table.mode_success, table.other_failure, table.other_success});
    failures += table.mode_failure + table.other_failure;
    successes += table.mode_success + table.other_success;
  }
  mode.outcome_known = failures >= 5 && successes >= 5;
  if (!mode.outcome_known) return;
  mode.outcome_factor = std::exp(ShrunkenLogRiskRatio(strata));
  const bool none_failed =
      std::all_of(strata.begin(), strata.end(),
                  [](const RiskStratum& stratum) { return stratum.mode_failure == 0; });
  if (none_failed) mode.outcome_factor = std::min(mode.outcome_factor, 1.0);
  if (weak) mode.outcome_factor = std::max(mode.outcome_factor, 1.0);
}

// What the detector of the mode says of all its modes, unless its tag says otherwise.
void Describe(RankedMode& mode) {
  const TraceDetector* const detector = FindTraceDetector(mode.stats.detector);
  if (detector == nullptr) return;
  mode.detector = detector->name;
  mode.category = detector->category;
  mode.severity = detector->severity;
  mode.refusal = mode.stats.tag == kDomainRefusal;
  if (!mode.refusal) {
    mode.title = TitleOf(*detector, mode.stats.locus, mode.stats.signature);
    return;
  }
  mode.category = kDomainRefusal;
  mode.severity = Severity::kLow;
  mode.title = FillTitle("{tool} refuses: {signature}", mode.stats.locus, mode.stats.signature);
  // Effects may have wasted something, but not because the rule is there.
  mode.stats.waste = mode.stats.median = {};
}

void SetWaste(RankedMode& mode, const TypicalRun& typical) {
  const WasteMeasure measure(typical);
  mode.waste_unit = measure.unit();
  mode.waste = (measure.Runs(mode.stats.median) + SeverityFloor(mode.severity)) * measure.typical();
  mode.wasted_runs = measure.Runs(mode.stats.waste);
}

}  // namespace

std::string_view GeneralityName(Generality generality) {
  switch (generality) {
    case Generality::kSystemic:
      return "systemic";
    case Generality::kRecurring:
      return "recurring";
    case Generality::kOneOff:
      return "one_off";
  }
  return "";
}

double SeverityFloor(Severity severity) {
  switch (severity) {
    case Severity::kLow:
      return 0.01;
    case Severity::kMedium:
      return 0.1;
    case Severity::kHigh:
      return 0.5;
  }
  return 0;
}

double WasteMeasure::Runs(const Waste& waste) const {
  if (typical_.nano_usd > 0 && waste.nano_usd != kUnknownAmount) {
    return Ratio(waste.nano_usd, typical_.nano_usd);
  }
  if (typical_.tokens > 0 && waste.tokens != kUnknownAmount) {
    return Ratio(waste.tokens, typical_.tokens);
  }
  const bool known = typical_.duration_ns > 0 && waste.critical_ns != kUnknownAmount;
  return known ? Ratio(waste.critical_ns, typical_.duration_ns) : 0;
}

WasteUnit WasteMeasure::unit() const {
  return typical_.nano_usd > 0 ? WasteUnit::kUsd
         : typical_.tokens > 0 ? WasteUnit::kTokens
                               : WasteUnit::kMs;
}

double WasteMeasure::typical() const {
  switch (unit()) {
    case WasteUnit::kUsd:
      return static_cast<double>(typical_.nano_usd) * 1e-9;
    case WasteUnit::kTokens:
      return static_cast<double>(typical_.tokens);
    case WasteUnit::kMs:
      break;
  }
  // At least 1, so that the modes of runs without a duration still have different scores.
  return std::max(1.0, static_cast<double>(typical_.duration_ns) * 1e-6);
}

Prose TitleOf(const TraceDetector& detector, const Locus& locus, std::string_view signature) {
  return FillTitle(detector.title, locus, signature);
}

std::vector<RankedMode> RankModes(std::vector<ModeStats> modes, const OverviewStats& totals,
                                  std::span<const Triage> triages, std::int64_t now_ns) {
  std::vector<RankedMode> ranked;
  ranked.reserve(modes.size());
  const auto rules = [&](OutcomeRule rule) {
    return totals.outcome_rules[static_cast<std::size_t>(rule)];
  };
  const bool weak = rules(OutcomeRule::kRootStatus) + rules(OutcomeRule::kNone) == totals.units;
  for (ModeStats& stats : modes) {
    RankedMode& mode = ranked.emplace_back();
    mode.stats = std::move(stats);
    mode.triage.mode = mode.stats.id;
    mode.confidence = mode.stats.confidence;
    mode.link = LinkOf(mode.stats);
    if (weak && mode.link == OutcomeLink::kAsOften) mode.link = OutcomeLink::kUnknown;
    Describe(mode);
    mode.generality = GeneralityOf(mode.stats);
    bool has_own = false;
    for (const Triage& triage : triages) {
      const bool in_force = triage.expires_ns == 0 || now_ns < triage.expires_ns;
      if (!in_force || !IsOfEntry(triage.mode, mode.stats)) continue;
      // The listed mode's own status counts first, and then the newest.
      const bool own = triage.mode == mode.stats.id;
      if (own || (!has_own && triage.decided_ns >= mode.triage.decided_ns)) {
        mode.triage = triage;
        mode.triage.mode = mode.stats.id;
      }
      has_own = has_own || own;
    }
    mode.share = ShareOf(mode.stats.units, totals.units, mode.stats.clusters);
    mode.rate = ShareOf(mode.stats.units, mode.stats.eligible_units, mode.stats.eligible_clusters);
    SetWaste(mode, totals.typical_run);
    SetOutcomeFactor(mode, weak);
    mode.score = mode.share.low * mode.waste * mode.outcome_factor;
  }
  DisambiguateTitles(ranked);
  const auto comes_last = [](const RankedMode& mode) {
    return mode.refusal && mode.link != OutcomeLink::kFailedMore;
  };
  std::sort(ranked.begin(), ranked.end(), [&](const RankedMode& a, const RankedMode& b) {
    if (comes_last(a) != comes_last(b)) return comes_last(b);
    if (a.score != b.score) return a.score > b.score;
    if (a.stats.units != b.stats.units) return a.stats.units > b.stats.units;
    return a.stats.id < b.stats.id;
  });
  return ranked;
}

}  // namespace halo
