// SPDX-License-Identifier: MIT
#include "tools/story/fix_words.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tools/answer/phrases.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

// "0.21", rounded so that the interval does not get smaller.
std::string RatioText(double ratio, bool up) {
  if (std::isinf(ratio)) return "any number";
  const double hundredths = up ? std::ceil(ratio * 100 - 1e-9) : std::floor(ratio * 100 + 1e-9);
  const auto whole = static_cast<std::int64_t>(hundredths);
  const std::string cents = std::to_string(whole % 100);
  return Cat(whole / 100, ".", cents.size() == 1 ? "0" : "", cents);
}

std::string Counts(const FixSide& side) {
  return Cat(side.affected, " of ", Plural(side.eligible, "eligible run"));
}

std::string ReadCounts(const FixSide& side) {
  return Cat(side.affected, " of ", Plural(side.observations, "run"), " read blind");
}

// Kinds of reasons, each with the fault first.
Prose OpportunitySentence(const FixReason& reason) {
  return Cat("The agent no longer gets there: ", PercentText(reason.after),
             " of the runs after could show the failure, against ", PercentText(reason.before),
             " before. Not failing where nothing is tried proves nothing.");
}

}  // namespace

std::string BoundaryText(const FixBoundary& boundary) {
  std::string out = boundary.since_ns != 0 ? TimeText(boundary.since_ns) : std::string();
  for (const auto& [name, value] : boundary.conditions) {
    out.append(out.empty() ? "runs whose " : " and ").append(name);
    out.append(Cat(" is ", Quoted(value)));
  }
  return out;
}

std::vector<Words> OverlapsOf(const Fix& fix, const std::vector<Fix>& fixes) {
  std::set<ModeId> own;
  for (const FixTarget& target : fix.targets) own.insert(target.modes.begin(), target.modes.end());
  std::vector<Words> out;
  for (const Fix& other : fixes) {
    if (other.id == fix.id) continue;
    const bool overlaps =
        std::any_of(other.targets.begin(), other.targets.end(), [&](const FixTarget& target) {
          return std::any_of(target.modes.begin(), target.modes.end(),
                             [&](ModeId mode) { return own.contains(mode); });
        });
    if (overlaps) out.push_back(Cat(other.id, " (from ", BoundaryText(other.boundary), ")"));
  }
  return out;
}

Prose ReasonSentence(const FixReason& reason) {
  switch (reason.kind) {
    case FixReason::Kind::kOpportunity:
      return OpportunitySentence(reason);
    case FixReason::Kind::kTaskMix:
      return Cat("The runs after did other tasks: the total variation of the task mix is ",
                 RatioText(reason.variation, true),
                 ", above 0.30. Run the tasks of rerun_missing, or the same mix as before.");
    case FixReason::Kind::kModel:
      break;
  }
  return Say("The runs after used another model, which the fix does not name: mostly ",
             TraceName(reason.is), " instead of ", TraceName(reason.was), " (total variation ",
             RatioText(reason.variation, true),
             "). Run with the same model, or record a fix whose summary names the new one.");
}

namespace {

std::string ReadingSentence(const TargetJudgement& one) {
  const FixSides& sides = one.sides;
  if (sides.after.observations == 0 || sides.before.observations == 0) {
    return "readers noted it, so a blind reading of both sides decides, and none is done yet.";
  }
  return Cat(ReadCounts(sides.after), " after show it, ", ReadCounts(sides.before),
             " before. Share after to share before: ", RatioText(one.comparison.ratio.low, false),
             " to ", RatioText(one.comparison.ratio.high, true),
             " with 95 % confidence over all blind readings.");
}

}  // namespace

Prose VerdictSentence(const TargetJudgement& one) {
  const FixSides& sides = one.sides;
  std::string out;
  switch (one.verdict) {
    case Verdict::kNotComparable:
      out = "Not comparable: ";
      break;
    case Verdict::kWorse:
      out = "Worse: ";
      break;
    case Verdict::kFixed:
      out = "Fixed: ";
      break;
    case Verdict::kImproved:
      out = "Improved: ";
      break;
    case Verdict::kUnchanged:
      out = "Unchanged: ";
      break;
    case Verdict::kInconclusive:
      out = "Inconclusive: ";
      break;
  }
  if (sides.after.runs == 0) return out + "no settled run counts as after yet.";
  if (sides.design == FixDesign::kReadings) return out + ReadingSentence(one);
  out.append(Cat(Counts(sides.after), " after show it, ", Counts(sides.before), " before."));
  if (one.verdict == Verdict::kNotComparable || sides.after.observations == 0) return out;
  out.append(Cat(" Share after to share before: ", RatioText(one.comparison.ratio.low, false),
                 " to ", RatioText(one.comparison.ratio.high, true),
                 " with 95 % confidence, however often one looks."));
  return out;
}

std::string NeedSentence(const TargetJudgement& one) {
  const auto at_least = [&](std::string_view noun) {
    return one.needed > 0 ? Cat("about ", Plural(one.needed, noun)) : std::string();
  };
  switch (one.need) {
    case FixNeed::kNothing:
      return {};
    case FixNeed::kRuns:
      return Cat(at_least("more eligible run"),
                 " of the same tasks, if the rates stay as they are");
    case FixNeed::kTasks:
      if (one.needed == 0) {
        return "more tasks: at the present rates neither more runs of the same tasks nor 2,000 "
               "more would decide; more runs without the change would sharpen the baseline";
      }
      return Cat(at_least("more task"),
                 " with the opportunity, if the rates stay as they are: further runs of tasks that "
                 "are counted already cannot decide");
    case FixNeed::kDraw:
      return one.needed > 0
                 ? Cat("runs of the drawn tasks: ", one.needed, " of them were",
                       " not run since. Tasks chosen otherwise decide nothing, since what failed "
                       "once fails less often the next time by chance alone")
                 : "more runs of the drawn tasks with the opportunity";
    case FixNeed::kReading:
      return one.sides.after.observations == 0
                 ? "a blind reading: runs of both sides in random order, masked"
                 : "another blind reading, with the next seed: it draws further runs";
    case FixNeed::kBaseline:
      break;
  }
  return "runs without the change that show the failure: none of those stored does, so nothing can "
         "be less";
}

std::string ObservationText(FixDesign design) {
  if (design == FixDesign::kReadings) return "one run of a blind reading";
  return design == FixDesign::kSameTasks
             ? "one eligible run; both sides ran the same tasks, which weigh alike"
             : "the share of affected runs of a task, else session, else run";
}

}  // namespace halo
