// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "engine/analysis/blind_book.h"
#include "engine/analysis/fix_targets.h"
#include "engine/analysis/judge_reading.h"
#include "engine/analysis/task_draw.h"
#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_impl.h"

namespace halo {
namespace {

// Whether the client left it open from when runs count.
bool CountsFromRecording(const Fix& fix) {
  return fix.boundary.conditions.empty() && fix.boundary.since_ns == fix.recorded_ns;
}

// What the fix says, without the time.
bool SaysTheSame(const Fix& a, const Fix& b) {
  const auto entries = [](const Fix& fix) {
    std::vector<ModeId> out;
    for (const FixTarget& target : fix.targets) out.push_back(target.entry);
    return out;
  };
  return entries(a) == entries(b) && a.summary == b.summary && a.commit == b.commit &&
         a.who == b.who && a.draw.seed == b.draw.seed &&
         (a.boundary == b.boundary || (CountsFromRecording(a) && CountsFromRecording(b)));
}

// All runs can show a category of notes; those that were noted with it do.
void MarkReviewed(const ReviewBook& book, std::span<const FixTarget> targets,
                  ObservedRuns& observed) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Category* const category = book.FindCategory(targets[i].entry);
    if (!category) continue;
    const std::vector<TraceKey> noted = book.RunsWith(category->id);
    const std::set<TraceKey> with(noted.begin(), noted.end());
    observed.entries[i] = category->id;
    for (ObservedRun& run : observed.runs) {
      run.eligible |= std::uint64_t{1} << i;
      run.affected |= std::uint64_t{with.contains(run.key)} << i;
    }
  }
}

RankedMode AsEntry(const ReviewBook& book, const Category& category) {
  RankedMode out;
  out.stats.id = category.id;
  out.stats.units = static_cast<std::int64_t>(book.RunsWith(category.id).size());
  out.title = ReviewedTitle(category.name);
  out.detector = kReviewedDetector;
  return out;
}

FixTarget TargetOf(const ReviewBook& book, const Category& category) {
  return {
      category.id, {category.id}, {}, static_cast<std::int64_t>(book.categories().size()), 0, 0};
}

}  // namespace

Result<RecordedFix> Engine::RecordFix(const Question& question, Fix fix) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  const Result<ModeRanking> ranking = RankedModes(question);
  if (!ranking) return ranking.error();
  RecordedFix out;
  const Result<std::vector<ReviewEvent>> events = ReviewEvents();
  if (!events) return events.error();
  const ReviewBook book(*events);
  std::vector<FixTarget> targets;
  for (const FixTarget& wanted : fix.targets) {
    const Category* const category = book.FindCategory(wanted.entry);
    Result<RankedMode> mode = category ? AsEntry(book, *category) : Mode(question, wanted.entry);
    if (!mode) return mode.error();
    const bool known = std::any_of(targets.begin(), targets.end(), [&](const FixTarget& other) {
      return other.entry == mode->stats.id;
    });
    if (known) continue;
    targets.push_back(category ? TargetOf(book, *category)
                               : TargetOf(mode->stats, ListedEntries(ranking->modes)));
    out.targets.push_back(std::move(*mode));
  }
  fix.targets = std::move(targets);
  for (std::string* const text : {&fix.summary, &fix.commit, &fix.who}) {
    std::string redacted;
    if (impl_->rules->redactor.Redact(*text, redacted) > 0) *text = std::move(redacted);
  }
  Result<ObservedRuns> observed =
      impl_->store->ObserveRuns(*prepared, AfterFix(fix.boundary), fix.targets);
  if (!observed) return observed.error();
  MarkReviewed(book, fix.targets, *observed);
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
  const Result<std::vector<ReviewEvent>> events = ReviewEvents();
  if (!events) return events.error();
  const ReviewBook book(*events);
  MarkReviewed(book, fix.targets, *observed);
  VerifiedFix out;
  out.entries = observed->entries;
  out.judgement = JudgeFix(fix, std::move(*observed), *entered);
  const BlindBook blind(*events, book);
  for (TargetJudgement& target : out.judgement.targets) {
    const Category* const category = book.FindCategory(target.target.entry);
    if (category) JudgeByReading(blind, fix.id, category->id, target);
    out.categories.push_back(category ? category->name : std::string());
  }
  for (std::size_t i = 0; i < out.judgement.targets.size(); ++i) {
    const std::set<std::uint64_t>& entering = out.judgement.targets[i].sides.entering;
    if (entering.empty()) continue;
    const std::vector<std::uint64_t> runs(entering.begin(), entering.end());
    const Result<void> kept = impl_->store->EnterRuns(fix.id, i, runs);
    if (!kept) out.not_kept = kept.error().message;
  }
  return out;
}

Result<FixRuns> Engine::RunsOfFix(const Question& question, const Fix& fix) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  Result<ObservedRuns> observed =
      impl_->store->ObserveRuns(*prepared, AfterFix(fix.boundary), fix.targets);
  if (!observed) return observed.error();
  FixRuns out;
  const OrderedRuns runs = OrderRuns(fix, std::move(observed->runs));
  for (const ObservedRun& run : runs.before) out.before.push_back(run.key);
  for (const ObservedRun& run : runs.after) out.after.push_back(run.key);
  return out;
}

Result<RerunPlan> Engine::PlanRerun(const Question& question, const RankedMode& mode,
                                    std::uint64_t seed) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  const FixTarget target = TargetOf(mode.stats, 1);
  TraceFilter none;
  none.since_ns = INT64_MAX;
  const Result<ObservedRuns> observed = impl_->store->ObserveRuns(*prepared, none, {&target, 1});
  if (!observed) return observed.error();
  RerunPlan plan{DrawTasks(observed->runs, seed), 0};
  const std::set<std::string_view> drawn(plan.draw.tasks.begin(), plan.draw.tasks.end());
  for (const ObservedRun& run : observed->runs) {
    plan.runs += run.Eligible(0) && drawn.contains(run.task);
  }
  return plan;
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
