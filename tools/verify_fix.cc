// SPDX-License-Identifier: MIT
#include "schemas/verify_fix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "schemas/nearest.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/to_wire.h"
#include "tools/story/blind_review.h"
#include "tools/story/fix_words.h"

namespace halo {
namespace {

using wire::VerifyFixInput;
using wire::VerifyFixOutput;

constexpr std::size_t kSideEffects = 10, kVersions = 5;

Result<Fix> FindFix(const std::vector<Fix>& fixes, const std::optional<std::string>& wanted) {
  if (fixes.empty()) {
    return Error{Code::kNotFound,
                 "No fix is recorded in this store. record_fix {\"entries\":[\"fm_...\"],"
                 "\"summary\":\"...\"} records one."};
  }
  if (!wanted) return fixes.back();
  for (const Fix& fix : fixes) {
    if (fix.id == *wanted) return fix;
  }
  if (const std::optional<ModeId> mode = ModeIdIn(*wanted)) {
    for (auto fix = fixes.rbegin(); fix != fixes.rend(); ++fix) {
      for (const FixTarget& target : fix->targets) {
        const auto& modes = target.modes;
        if (std::find(modes.begin(), modes.end(), *mode) != modes.end()) return *fix;
      }
    }
    return Error{Code::kNotFound, Cat("$.fix: no fix of ", ModeIdText(*mode),
                                      " is recorded; record_fix records one")};
  }
  std::vector<std::string_view> ids;
  for (const Fix& fix : fixes) ids.push_back(fix.id);
  return Error{Code::kNotFound, Cat("$.fix: no fix ", Quoted(*wanted), " is recorded",
                                    SuggestWord(*wanted, ids), "; the newest is ", ids.back())};
}

const RankedMode* FindEntry(const ModeRanking& ranking, ModeId id) {
  const auto found = std::find_if(ranking.modes.begin(), ranking.modes.end(),
                                  [&](const RankedMode& mode) { return mode.stats.Holds(id); });
  return found == ranking.modes.end() ? nullptr : &*found;
}

VerifyFixOutput::Side ToWire(const FixSide& side, const BoundedSample& sample,
                             const MeanInterval& interval) {
  return {side.runs,     side.eligible, side.affected, side.observations,
          sample.mean(), interval.low,  interval.high};
}

std::optional<VerifyFixOutput::Change> ToWire(const Quantity& quantity, double unit) {
  if (quantity.known_before == 0 || quantity.known_after == 0) return std::nullopt;
  return VerifyFixOutput::Change{std::round(quantity.before / unit),
                                 std::round(quantity.after / unit), quantity.known_before,
                                 quantity.known_after, quantity.p_value};
}

// The least good first.
constexpr std::array kLeastGoodFirst = {Verdict::kWorse,        Verdict::kNotComparable,
                                        Verdict::kInconclusive, Verdict::kUnchanged,
                                        Verdict::kImproved,     Verdict::kFixed};

Verdict LeastGood(const FixJudgement& judgement) {
  for (const Verdict verdict : kLeastGoodFirst) {
    for (const TargetJudgement& one : judgement.targets) {
      if (one.verdict == verdict) return verdict;
    }
  }
  return Verdict::kInconclusive;
}

void AddSideEffects(const FixJudgement& judgement, const ModeRanking& ranking,
                    VerifyFixOutput& out) {
  for (const SideEffect& effect : judgement.side_effects) {
    if (out.side_effects.size() == kSideEffects) break;
    const RankedMode* const mode = FindEntry(ranking, effect.entry);
    out.side_effects.push_back(
        {ModeIdText(effect.entry), effect.runs.hits_before == 0 ? "new" : "worse",
         mode ? mode->title : Prose(ModeIdText(effect.entry)), effect.runs.hits_before,
         effect.runs.before, effect.runs.hits_after, effect.runs.after, effect.p_value});
  }
  if (out.side_effects.size() < judgement.side_effects.size()) {
    out.notes.push_back(Cat("side_effects shows ", out.side_effects.size(), " of ",
                            judgement.side_effects.size(), "; list_failure_modes shows all."));
  }
  out.entries_tested = judgement.entries_tested;
  const BeforeAfter& failures = judgement.failures;
  if (failures.before > 0 && failures.after > 0) {
    const auto share = [](std::int64_t part, std::int64_t whole) {
      return static_cast<double>(part) / static_cast<double>(whole);
    };
    out.failed_runs = VerifyFixOutput::Change{
        share(failures.hits_before, failures.before), share(failures.hits_after, failures.after),
        failures.before, failures.after, judgement.failures_p};
  }
  out.duration_ms = ToWire(judgement.duration_ns, 1e6);
  out.tokens = ToWire(judgement.tokens, 1);
  out.micro_usd = ToWire(judgement.nano_usd, 1e3);
}

// A new entry at the place of the failure: the fix may only have changed its name.
Words MovedTo(const FixJudgement& judgement, const ModeRanking& ranking, ModeId entry) {
  const RankedMode* const target = FindEntry(ranking, entry);
  for (const SideEffect& effect : judgement.side_effects) {
    const RankedMode* const other = FindEntry(ranking, effect.entry);
    if (!target || !other || effect.runs.hits_before > 0) continue;
    if (other->stats.locus == target->stats.locus) return ModeIdText(effect.entry);
  }
  return {};
}

VerifyFixOutput::Entry ToWire(const TargetJudgement& one, const RankedMode* mode) {
  VerifyFixOutput::Entry out;
  out.id = ModeIdText(one.target.entry);
  out.title = mode ? mode->title : Prose(Cat("Failure mode ", out.id));
  out.verdict = Words(VerdictName(one.verdict));
  out.statement = VerdictSentence(one);
  for (const FixReason& reason : one.reasons) out.reasons.push_back(ReasonSentence(reason));
  out.needed = NeedSentence(one);
  if (one.need == FixNeed::kRuns) out.runs_needed = one.needed;
  if (one.need == FixNeed::kTasks || one.need == FixNeed::kDraw) out.tasks_needed = one.needed;
  const FixSides& sides = one.sides;
  out.before = ToWire(sides.before, sides.sample.before, one.comparison.before);
  out.after = ToWire(sides.after, sides.sample.after, one.comparison.after);
  out.ratio_low = one.comparison.ratio.low;
  if (std::isfinite(one.comparison.ratio.high)) out.ratio_high = one.comparison.ratio.high;
  out.observation = ObservationText(sides.design);
  out.later_variants = sides.varied_after;
  out.chosen_otherwise = sides.apart.chosen_tasks;
  out.closed = sides.apart.closed;
  out.unmatched = sides.apart.unmatched;
  out.other_tasks = sides.apart.other_tasks;
  return out;
}

Prose Headline(const VerifyFixOutput& out, const FixJudgement& judgement) {
  Prose text;
  const auto fresh = std::count_if(out.side_effects.begin(), out.side_effects.end(),
                                   [](const auto& effect) { return effect.change == "new"; });
  const std::int64_t worse = static_cast<std::int64_t>(judgement.side_effects.size()) - fresh;
  if (fresh > 0) text.Add("Since the change ", Plural(fresh, "new failure mode"), " appeared. ");
  if (worse > 0) text.Add(Plural(worse, "other failure mode"), " became more frequent. ");
  if (judgement.failures_p < 0.05) text.Add("More runs fail than before. ");
  for (const VerifyFixOutput::Entry& entry : out.entries) {
    text.Add(entry.title, ": ", entry.statement, " ");
    if (!entry.reasons.empty()) text.Add(entry.reasons.front(), " ");
    if (!entry.needed.empty()) text.Add("Needed: ", entry.needed, ". ");
    if (!entry.moved_to.empty()) {
      text.Add("A new entry is at the same place: ", entry.moved_to, ". ");
    }
    if (&entry - out.entries.data() == 2) break;
  }
  return text;
}

void AddNotes(const Fix& fix, const VerifiedFix& verified, std::int64_t now_ns,
              VerifyFixOutput& out) {
  const FixJudgement& judgement = verified.judgement;
  if (fix.boundary.since_ns > now_ns) {
    out.notes.push_back(Cat("Runs count from a time in the future, ", out.counts_from, "."));
  }
  if (judgement.too_early > 0) {
    out.notes.push_back(Cat(Plural(judgement.too_early, "run"),
                            " left out: received before the change, though by the clock of their "
                            "host they started after it. The clocks of the hosts differ."));
  }
  if (judgement.unordered > 0) {
    out.notes.push_back(Cat(Plural(judgement.unordered, "run"),
                            " without the change left out: they started after runs with it."));
  }
  if (!out.overlaps.empty()) {
    out.notes.push_back(
        "Other fixes of the same failure count over these runs too: what worked cannot be told "
        "apart.");
  }
  for (const TargetJudgement& one : judgement.targets) {
    const bool lost = one.sides.before.affected < one.target.affected;
    if (lost) {
      out.notes.push_back(Cat(ModeIdText(one.target.entry), ": when the fix was recorded, ",
                              one.target.affected, " of ", one.target.eligible,
                              " eligible runs showed it; some of them were removed or are judged "
                              "otherwise since."));
    }
  }
  if (!verified.not_kept.empty()) {
    out.notes.push_back(
        "Which runs were counted could not be stored; later runs of the same tasks may change "
        "their weight until it can be.");
  }
}

// Returns how many more there are.
std::int64_t AddVersions(const Mix& mix, std::vector<TraceName>& out) {
  std::vector<std::pair<std::int64_t, std::string>> sorted;
  for (const auto& [version, runs] : mix) sorted.emplace_back(-runs, version);
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [runs, version] : sorted) {
    if (out.size() < kVersions) out.emplace_back(version);
  }
  return static_cast<std::int64_t>(sorted.size() - out.size());
}

void AddMissing(const Fix& fix, const FixJudgement& judgement, VerifyFixOutput& out) {
  const bool open = std::any_of(
      judgement.targets.begin(), judgement.targets.end(), [](const TargetJudgement& one) {
        return one.verdict == Verdict::kInconclusive || one.verdict == Verdict::kNotComparable;
      });
  if (!open) return;
  for (const std::string& task : fix.draw.tasks) {
    if (!judgement.tasks_after.contains(task)) out.rerun_missing.emplace_back(task);
  }
}

// The call that begins, or goes on with, the blind reading that a verdict needs.
void AddReadingCall(Engine& engine, const Fix& fix, const FixJudgement& judgement,
                    VerifyFixOutput& out) {
  const bool needed =
      std::any_of(judgement.targets.begin(), judgement.targets.end(),
                  [](const TargetJudgement& one) { return one.need == FixNeed::kReading; });
  if (!needed) return;
  const Result<std::vector<ReviewEvent>> events = engine.ReviewEvents();
  if (!events) return;
  const ReviewBook book(*events);
  const BlindBook blind(*events, book);
  std::uint64_t seed = 1;
  for (const BlindState* const state : blind.OfFix(fix.id)) {
    if (state->ended == 0) {
      out.notes.push_back(Cat("A blind reading is open: ", state->Read(), " of ",
                              state->notes.size(), " runs read."));
      out.next.push_back(Words(BlindCall(state->reading)));
      return;
    }
    seed = std::max(seed, state->reading.seed + 1);
  }
  BlindReading next;
  next.fix = fix.id;
  next.seed = seed;
  out.next.push_back(Words(BlindCall(next)));
}

Result<VerifyFixOutput> VerifyFix(Engine& engine, const VerifyFixInput& in,
                                  const CallContext& context) {
  std::optional<wire::Filters> none;
  const Result<Question> question = MakeQuestion(engine, none, context.stop);
  if (!question) return question.error();
  const Result<std::vector<Fix>> fixes = engine.Fixes();
  if (!fixes) return fixes.error();
  const Result<Fix> fix = FindFix(*fixes, in.fix);
  if (!fix) return fix.error();
  const Result<VerifiedFix> verified = engine.VerifyFix(*question, *fix);
  if (!verified) return verified.error();
  const Result<ModeRanking> ranking = engine.RankedModes(*question);
  if (!ranking) return ranking.error();

  const FixJudgement& judgement = verified->judgement;
  VerifyFixOutput out;
  out.fix = Words(fix->id);
  out.verdict = Words(VerdictName(LeastGood(judgement)));
  out.counts_from = BoundaryText(fix->boundary);
  AddSideEffects(judgement, *ranking, out);
  for (std::size_t i = 0; i < judgement.targets.size(); ++i) {
    const ModeId now = verified->entries[i] != 0 ? verified->entries[i] : fix->targets[i].entry;
    out.entries.push_back(ToWire(judgement.targets[i], FindEntry(*ranking, now)));
    if (!verified->categories[i].empty()) {
      out.entries.back().title = ReviewedTitle(verified->categories[i]);
    }
    out.entries.back().moved_to = MovedTo(judgement, *ranking, now);
  }
  out.summary = TraceText(fix->summary, 300);
  out.commit = TraceName(fix->commit);
  AddMissing(*fix, judgement, out);
  const std::int64_t more_before = AddVersions(judgement.versions_before, out.versions_before);
  const std::int64_t more_after = AddVersions(judgement.versions_after, out.versions_after);
  if (more_before + more_after > 0) {
    out.notes.push_back(Cat("The versions are the most frequent ones; there are ", more_before,
                            " more before and ", more_after, " more after."));
  }
  out.overlaps = OverlapsOf(*fix, *fixes);
  out.headline = Headline(out, judgement);
  AddNotes(*fix, *verified, question->now_ns, out);
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  AddReadingCall(engine, *fix, judgement, out);
  if (!out.side_effects.empty()) {
    out.next.push_back(Cat(R"(get_failure_mode {"id":")", out.side_effects.front().id, "\"}"));
  }
  const bool reviewed = !verified->categories.front().empty();
  out.next.push_back(
      reviewed ? Words("note_runs {}")
               : Words(Cat(R"(get_failure_mode {"id":")", out.entries.front().id, "\"}")));
  return out;
}

}  // namespace

Tool VerifyFixTool() {
  return MakeTool(
      ToolInfo{
          .name = "verify_fix",
          .title = "Did the fix work?",
          .description =
              "Says whether a recorded fix worked, from the runs before and since: fixed, "
              "improved, "
              "unchanged, worse, not_comparable or inconclusive (with how many more runs or tasks "
              "it takes), by intervals that hold however often you look. First what else became "
              "new or worse, then outcomes, time, tokens and cost, then each failure mode of the "
              "fix. Rerun the tasks that record_fix drew, not only those that failed.",
          .annotations = {.read_only = false},
          .search_hint = "verify fix regression before after test",
      },
      &VerifyFix);
}

}  // namespace halo
