// SPDX-License-Identifier: MIT
#include "tools/story/acceptance.h"

#include <algorithm>

#include "engine/analysis/fix_targets.h"
#include "engine/analysis/task_draw.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"
#include "tools/story/fix_words.h"
#include "tools/story/rerun.h"

namespace halo {

void AddAcceptance(Engine& engine, const Question& question, const ModeRanking& ranking,
                   const RankedMode& mode, wire::GetFailureModeOutput& out) {
  wire::GetFailureModeOutput::Acceptance acceptance;
  acceptance.metric = Say("share of eligible runs that show ", ModeIdText(mode.stats.id),
                          " or one "
                          "of its variants");
  acceptance.baseline = mode.rate.value;
  acceptance.baseline_low = mode.rate.low;
  acceptance.baseline_high = mode.rate.high;
  acceptance.baseline_runs = mode.stats.eligible_units;

  FixPlanRuns plan;
  plan.rate_before = ShrunkenRate(mode.stats, ranking.modes);
  plan.runs_before = mode.stats.eligible_units;
  plan.picked_from = ListedEntries(ranking.modes);
  const Result<RerunPlan> rerun = engine.PlanRerun(question, mode, DefaultSeed(mode.stats.id));
  if (rerun && !rerun->draw.tasks.empty()) {
    out.rerun = ToWire(rerun->draw);
    plan.same_tasks = true;
    plan.runs_before = rerun->runs;
  }
  const std::int64_t needed = CleanRunsNeeded(plan);
  if (needed != kNeverDecided) acceptance.runs_needed = needed;
  const bool timeless = mode.stats.last_ns <= 0;
  acceptance.how = Cat(
      "record_fix when the change is made",
      timeless ? " (with version, or filters such as project: these runs record no times)" : "",
      out.rerun ? ", run all tasks of rerun with it, several times if more runs are needed"
                : ", run the agent with it on new tasks",
      ", ingest the traces, verify_fix. ",
      needed == kNeverDecided
          ? "The runs so far are too few for any verdict: run these tasks without the change first."
          : Cat("Without any occurrence it takes about ", Plural(needed, "eligible run"),
                " to say fixed."));
  out.acceptance = std::move(acceptance);
}

void AddFixes(Engine& engine, ModeId mode, wire::GetFailureModeOutput& out) {
  const Result<std::vector<Fix>> fixes = engine.Fixes();
  if (!fixes) return;
  for (auto fix = fixes->rbegin(); fix != fixes->rend(); ++fix) {
    const bool aims =
        std::any_of(fix->targets.begin(), fix->targets.end(), [&](const FixTarget& target) {
          return std::find(target.modes.begin(), target.modes.end(), mode) != target.modes.end();
        });
    if (!aims) continue;
    const std::string call = Cat(R"(verify_fix {"fix":")", fix->id, "\"}");
    out.notes.push_back(Say(out.absent ? "Gone since a fix? " : "A fix of it is recorded: ",
                            Words(fix->id), " counts from ", BoundaryText(fix->boundary), "; ",
                            Words(call), " says whether it worked."));
    out.next.push_back(Words(call));
    break;
  }
}

}  // namespace halo
