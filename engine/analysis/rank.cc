// SPDX-License-Identifier: MIT
#include "engine/analysis/rank.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "engine/analysis/wilson.h"
#include "engine/detectors/detector.h"

namespace halo {
namespace {

constexpr double kUsdPerToken = 1e-6;
constexpr double kUsdPerSecond = 1e-4;

double SeverityFloor(Severity severity) {
  switch (severity) {
    case Severity::kLow:
      return 0.0001;
    case Severity::kMedium:
      return 0.001;
    case Severity::kHigh:
      return 0.01;
  }
  return 0;
}

Share ShareOf(std::int64_t hits, std::int64_t trials) {
  const ShareInterval interval = WilsonInterval(hits, trials);
  const double value = trials > 0 ? static_cast<double>(hits) / static_cast<double>(trials) : 0.0;
  return {value, interval.low, interval.high};
}

// Whether a mode shows in two parts of the time range. Where nearly all runs lie in one part (a few
// old ones or a wrong clock stretch the range), time says nothing, for or against.
bool SpreadsOverTime(const ModeStats& mode) {
  const auto parts =
      std::count_if(mode.trend.begin(), mode.trend.end(), [](std::int64_t n) { return n > 0; });
  const std::int64_t runs =
      std::accumulate(mode.trend_all.begin(), mode.trend_all.end(), std::int64_t{0});
  const std::int64_t most = *std::max_element(mode.trend_all.begin(), mode.trend_all.end());
  return parts >= 2 || most * 10 >= runs * 9;
}

Generality GeneralityOf(const ModeStats& mode) {
  // Distinct tasks say most about how far a mode reaches; where tasks are unknown, sessions do.
  const std::int64_t groups = mode.tasks > 0      ? mode.tasks
                              : mode.sessions > 0 ? mode.sessions
                                                  : mode.units;
  if (mode.units <= 1) return Generality::kOneOff;
  if (mode.units < 3 && (mode.tasks == 1 || mode.sessions == 1)) return Generality::kOneOff;
  if (mode.units >= 5 && groups >= 3 && SpreadsOverTime(mode)) return Generality::kSystemic;
  return Generality::kRecurring;
}

// "{tool} keeps failing" with the mode's own words in the braces.
std::string FillTitle(std::string_view title, const ModeStats& mode) {
  std::string out;
  while (!title.empty()) {
    const std::size_t open = title.find('{');
    const std::size_t close = open == title.npos ? title.npos : title.find('}', open);
    out += title.substr(0, close == title.npos ? title.npos : open);
    if (close == title.npos) break;
    const std::string_view name = title.substr(open + 1, close - open - 1);
    const Locus& locus = mode.locus;
    if (name == "tool") {
      out += !locus.tool.empty()        ? std::string_view(locus.tool)
             : !locus.span_name.empty() ? std::string_view(locus.span_name)
                                        : std::string_view("an unnamed call");
    } else if (name == "agent") {
      out += !locus.agent.empty() ? std::string_view(locus.agent) : std::string_view("the agent");
    } else if (name == "signature") {
      out += mode.signature;
      if (mode.signature.empty() && out.ends_with(": ")) out.resize(out.size() - 2);
    }
    title.remove_prefix(close + 1);
  }
  return out;
}

// Titles that several modes share name that part of the locus in which they differ.
void TellApart(std::vector<RankedMode>& modes) {
  for (std::string Locus::*const part : {&Locus::agent, &Locus::tool, &Locus::span_name}) {
    std::map<std::string, std::set<std::string>> names;
    for (const RankedMode& mode : modes) names[mode.title].insert(mode.stats.locus.*part);
    for (RankedMode& mode : modes) {
      const std::string& name = mode.stats.locus.*part;
      if (names[mode.title].size() > 1 && !name.empty()) mode.title += " (" + name + ")";
    }
  }
}

// Strata whose outcomes say something, and the factor they give.
void SetOutcomeFactor(RankedMode& mode) {
  std::vector<RiskStratum> strata;
  std::int64_t failures = 0, successes = 0;
  for (const OutcomeTable& table : mode.stats.outcomes) {
    strata.push_back(
        {table.mode_failure, table.mode_success, table.other_failure, table.other_success});
    failures += table.mode_failure + table.other_failure;
    successes += table.mode_success + table.other_success;
  }
  mode.outcome_known = failures >= 5 && successes >= 5;
  if (mode.outcome_known) mode.outcome_factor = std::exp(ShrunkenLogRiskRatio(strata));
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

double WasteUsd(const Waste& median, Severity severity) {
  // Tokens with a price are in nano_usd already.
  const double spent = median.nano_usd > 0 ? static_cast<double>(median.nano_usd) * 1e-9
                                           : static_cast<double>(median.tokens) * kUsdPerToken;
  return spent + static_cast<double>(median.critical_ns) * 1e-9 * kUsdPerSecond +
         SeverityFloor(severity);
}

std::vector<RankedMode> RankModes(std::vector<ModeStats> modes, std::int64_t settled_units,
                                  std::span<const Triage> triages, std::int64_t now_ns) {
  const std::span<const TraceDetector> detectors = AllTraceDetectors();
  std::vector<RankedMode> ranked;
  ranked.reserve(modes.size());
  for (ModeStats& stats : modes) {
    RankedMode& mode = ranked.emplace_back();
    mode.stats = std::move(stats);
    mode.triage.mode = mode.stats.id;
    if (mode.stats.detector < detectors.size()) {
      const TraceDetector& detector = detectors[mode.stats.detector];
      mode.detector = detector.name;
      mode.category = detector.category;
      mode.severity = detector.severity;
      mode.title = FillTitle(detector.title, mode.stats);
    }
    mode.generality = GeneralityOf(mode.stats);
    for (const Triage& triage : triages) {
      const bool in_force = triage.expires_ns == 0 || now_ns < triage.expires_ns;
      if (triage.mode == mode.stats.id && in_force) mode.triage = triage;
    }
    mode.share = ShareOf(mode.stats.units, settled_units);
    mode.rate = ShareOf(mode.stats.units, mode.stats.eligible_units);
    mode.waste_usd = WasteUsd(mode.stats.median, mode.severity);
    SetOutcomeFactor(mode);
    mode.score = mode.share.low * mode.waste_usd * mode.outcome_factor;
  }
  TellApart(ranked);
  std::sort(ranked.begin(), ranked.end(), [](const RankedMode& a, const RankedMode& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.stats.units != b.stats.units) return a.stats.units > b.stats.units;
    return a.stats.id < b.stats.id;
  });
  return ranked;
}

}  // namespace halo
