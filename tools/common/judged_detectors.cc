// SPDX-License-Identifier: MIT
#include "tools/common/judged_detectors.h"

#include <algorithm>
#include <string>

#include "engine/analysis/detector_precision.h"
#include "engine/analysis/statistics.h"
#include "engine/detectors/all_detectors.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

// Projects that a question is about by its own words. One that is bound to services may be about
// any.
bool IsAsked(const TraceFilter& filter, const std::string& project) {
  if (filter.project) return *filter.project == project;
  const std::vector<std::string>& bound = filter.bound_projects;
  return bound.empty() || !filter.bound_services.empty() ||
         std::find(bound.begin(), bound.end(), project) != bound.end();
}

std::vector<DetectorPrecision> Precisions(Engine& engine) {
  const auto book = engine.Reviews();
  return book ? PrecisionOfDetectors(**book) : std::vector<DetectorPrecision>();
}

bool IsDoubted(const DetectorPrecision& one) { return 2 * one.right < one.judged; }

}  // namespace

void AddJudged(Engine& engine, const Question& question, std::vector<wire::JudgedDetector>& out,
               std::vector<Prose>& notes) {
  for (const DetectorPrecision& one : Precisions(engine)) {
    const TraceDetector* const detector = FindTraceDetector(one.detector);
    if (!detector || !IsAsked(question.filter, one.project)) continue;
    const ShareInterval interval = WilsonInterval(one.right, one.judged);
    out.push_back({Words(detector->name), TraceName(one.project), one.judged, one.right,
                   one.value(), interval.low, interval.high, IsDoubted(one)});
    if (!IsDoubted(one) || detector->confidence == Confidence::kCandidate) continue;
    notes.push_back(Say("Findings of ", Words(detector->name), " in project ",
                        TraceName(one.project), " are candidates: readers called ",
                        one.judged - one.right, " of ", one.judged, " wrong."));
  }
}

Prose WhyDoubted(Engine& engine, const RankedMode& mode) {
  if (mode.confidence != Confidence::kCandidate) return {};
  for (const DetectorPrecision& one : Precisions(engine)) {
    if (one.detector != mode.stats.detector || !IsDoubted(one)) continue;
    const TraceDetector* const detector = FindTraceDetector(one.detector);
    if (!detector || detector->confidence == Confidence::kCandidate) continue;
    const ShareInterval interval = WilsonInterval(one.right, one.judged);
    return Say("A candidate: of ", one.judged, " findings of ", Words(mode.detector),
               " that readers of project ", TraceName(one.project), " judged, ", one.right,
               " were right (95 % interval ", PercentText(interval.low), " to ",
               PercentText(interval.high), "). ");
  }
  return {};
}

}  // namespace halo
