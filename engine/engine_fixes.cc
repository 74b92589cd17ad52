// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "engine/analysis/task_draw.h"
#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_impl.h"

namespace halo {
namespace {

FixTarget TargetOf(const ModeStats& stats, std::int64_t picked_from) {
  FixTarget target;
  target.entry = stats.id;
  target.modes.push_back(stats.id);
  for (const ModeMember& variant : stats.variants) target.modes.push_back(variant.id);
  for (const ModeMember& effect : stats.effects) target.effects.push_back(effect.id);
  std::sort(target.modes.begin() + 1, target.modes.end());
  std::sort(target.effects.begin(), target.effects.end());
  target.picked_from = picked_from;
  return target;
}

// How many entries a list shows, from which one picks the worst.
std::int64_t Listed(const ModeRanking& ranking) {
  const auto listed =
      std::count_if(ranking.modes.begin(), ranking.modes.end(), [](const RankedMode& mode) {
        return mode.generality != Generality::kOneOff && mode.triage.status == TriageStatus::kOpen;
      });
  return std::max<std::int64_t>(1, listed);
}

// What the fix says, without the time.
bool SaysTheSame(const Fix& a, const Fix& b) {
  const auto entries = [](const Fix& fix) {
    std::vector<ModeId> out;
    for (const FixTarget& target : fix.targets) out.push_back(target.entry);
    return out;
  };
  return entries(a) == entries(b) && a.summary == b.summary && a.commit == b.commit &&
         a.who == b.who && a.boundary.conditions == b.boundary.conditions &&
         a.boundary.since_ns == b.boundary.since_ns && a.draw.seed == b.draw.seed;
}

}  // namespace

Result<RecordedFix> Engine::RecordFix(const Question& question, Fix fix) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  const Result<ModeRanking> ranking = RankedModes(question);
  if (!ranking) return ranking.error();
  RecordedFix out;
  std::vector<FixTarget> targets;
  for (const FixTarget& wanted : fix.targets) {
    Result<RankedMode> mode = Mode(question, wanted.entry);
    if (!mode) return mode.error();
    const bool known = std::any_of(targets.begin(), targets.end(), [&](const FixTarget& other) {
      return other.entry == mode->stats.id;
    });
    if (known) continue;
    targets.push_back(TargetOf(mode->stats, Listed(*ranking)));
    out.targets.push_back(std::move(*mode));
  }
  fix.targets = std::move(targets);
  for (std::string* const text : {&fix.summary, &fix.commit, &fix.who}) {
    std::string redacted;
    if (impl_->rules->redactor.Redact(*text, redacted) > 0) *text = std::move(redacted);
  }
  const Result<ObservedRuns> observed =
      impl_->store->ObserveRuns(*prepared, AfterFix(fix.boundary), fix.targets);
  if (!observed) return observed.error();
  for (const ObservedRun& run : observed->runs) {
    for (std::size_t i = 0; i < fix.targets.size(); ++i) {
      fix.targets[i].eligible += !run.after && run.Eligible(i);
      fix.targets[i].affected += !run.after && run.Affected(i);
    }
  }
  if (fix.recorded_ns == 0) fix.recorded_ns = NowNs();
  fix.draw = DrawTasks(observed->runs, fix.draw.seed);
  const Result<std::vector<Fix>> fixes = Fixes();
  if (!fixes) return fixes.error();
  for (const Fix& known : *fixes) {
    if (!SaysTheSame(known, fix)) continue;
    out.fix = known;
    out.is_new = false;
    return out;
  }
  fix.id = MakeFixId(fix);
  const Result<bool> put = impl_->store->PutFix(fix);
  if (!put) return put.error();
  out.is_new = *put;
  out.fix = std::move(fix);
  return out;
}

Result<std::vector<Fix>> Engine::Fixes() { return impl_->store->Fixes(); }

Result<VerifiedFix> Engine::VerifyFix(const Question& question, const Fix& fix) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  const auto entered = impl_->store->EnteredRuns(fix.id);
  if (!entered) return entered.error();
  Result<ObservedRuns> observed =
      impl_->store->ObserveRuns(*prepared, AfterFix(fix.boundary), fix.targets);
  if (!observed) return observed.error();
  VerifiedFix out;
  out.entries = observed->entries;
  out.judgement = JudgeFix(fix, std::move(*observed), *entered);
  for (std::size_t i = 0; i < out.judgement.targets.size(); ++i) {
    const std::set<std::uint64_t>& entering = out.judgement.targets[i].sides.entering;
    if (entering.empty()) continue;
    const std::vector<std::uint64_t> runs(entering.begin(), entering.end());
    const Result<void> kept = impl_->store->EnterRuns(fix.id, i, runs);
    if (!kept) out.not_kept = kept.error().message;
  }
  return out;
}

Result<TaskDraw> Engine::DrawRerun(const Question& question, const RankedMode& mode,
                                   std::uint64_t seed) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  const FixTarget target = TargetOf(mode.stats, 1);
  TraceFilter none;
  none.since_ns = INT64_MAX;
  const Result<ObservedRuns> observed = impl_->store->ObserveRuns(*prepared, none, {&target, 1});
  if (!observed) return observed.error();
  return DrawTasks(observed->runs, seed);
}

Result<std::map<ModeId, std::string>> Engine::Regressions(const Question& question) {
  std::map<ModeId, std::string> out;
  const Result<std::vector<Fix>> fixes = Fixes();
  if (!fixes) return fixes.error();
  if (fixes->empty()) return out;
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  for (const Fix& fix : *fixes) {
    const Result<ObservedRuns> observed =
        impl_->store->ObserveRuns(*prepared, AfterFix(fix.boundary), fix.targets);
    if (!observed) return observed.error();
    for (std::size_t i = 0; i < fix.targets.size(); ++i) {
      if (observed->entries[i] != 0 && CameBack(fix, *observed, i)) {
        out[observed->entries[i]] = fix.id;
      }
    }
  }
  return out;
}

}  // namespace halo
