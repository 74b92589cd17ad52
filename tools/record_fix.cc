// SPDX-License-Identifier: MIT
#include "schemas/record_fix.h"

#include <algorithm>
#include <utility>

#include "engine/analysis/review_book.h"
#include "engine/analysis/task_draw.h"
#include "engine/base/ascii.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"
#include "tools/story/fix_words.h"
#include "tools/story/rerun.h"

namespace halo {
namespace {

using wire::RecordFixInput;
using wire::RecordFixOutput;

constexpr std::size_t kMaxSummary = 1000, kMaxName = 200;

Result<void> AddCondition(std::string_view name, const std::optional<std::string>& value,
                          Fix& fix) {
  if (!value) return {};
  if (value->size() > kMaxName) {
    return Error{Code::kInvalidArgument, Cat("$.", name, " is longer than ", kMaxName,
                                             " bytes; expected a value as runs record it")};
  }
  fix.boundary.conditions.emplace_back(name, *value);
  return {};
}

Result<void> SetBoundary(const RecordFixInput& in, std::int64_t now_ns, Fix& fix) {
  Result<void> added = AddCondition("version", in.version, fix);
  if (in.filters) {
    ForEachField<wire::FixFilters>([&](const auto& field) {
      if (added) added = AddCondition(field.name, (*in.filters).*field.member, fix);
    });
  }
  if (!added) return added;
  if (in.since) {
    const Result<std::int64_t> since = ParseTime(*in.since, now_ns, "$.since");
    if (!since) return since.error();
    fix.boundary.since_ns = *since;
  } else if (fix.boundary.conditions.empty()) {
    fix.boundary.since_ns = now_ns;
  }
  return {};
}

Result<Fix> ToFix(Engine& engine, const RecordFixInput& in, std::int64_t now_ns) {
  Fix fix;
  if (in.entries.empty() || in.entries.size() > kMaxFixTargets) {
    return Error{Code::kInvalidArgument,
                 Cat("$.entries: expected 1 to ", kMaxFixTargets,
                     " ids of list_failure_modes, for example [\"fm_0123456789ab\"]")};
  }
  for (std::size_t i = 0; i < in.entries.size(); ++i) {
    const Result<ModeId> id = ReadEntryId(engine, in.entries[i], Cat("$.entries[", i, "]"));
    if (!id) return id.error();
    fix.targets.emplace_back().entry = *id;
  }
  if (ascii::Trim(in.summary).empty()) {
    return Error{
        Code::kInvalidArgument,
        "$.summary is empty; say in a sentence what was changed, for example \"the city is "
        "resolved before get_weather is called\""};
  }
  fix.summary = OneLine(in.summary, kMaxSummary);
  fix.commit = OneLine(in.commit.value_or(""), kMaxName);
  fix.who = OneLine(in.who.value_or(""), kMaxName);
  if (const Result<void> set = SetBoundary(in, now_ns, fix); !set) return set.error();
  fix.recorded_ns = now_ns;
  fix.draw.seed =
      in.seed ? static_cast<std::uint64_t>(*in.seed) : DefaultSeed(fix.targets.front().entry);
  return fix;
}

void AddNotes(const RecordedFix& recorded, std::int64_t now_ns, RecordFixOutput& out) {
  const Fix& fix = recorded.fix;
  if (fix.boundary.since_ns > now_ns) {
    out.notes.push_back(Cat("Runs count from a time in the future, ", out.counts_from,
                            "; until then none is after."));
  }
  for (std::size_t i = 0; i < recorded.targets.size(); ++i) {
    const ModeStats& stats = recorded.targets[i].stats;
    if (stats.units == 0) {
      out.notes.push_back(
          Cat(ModeIdText(stats.id), " has ended: no stored run shows it, so nothing can be less."));
    } else if (fix.targets[i].affected == 0) {
      out.notes.push_back(Cat("No run before the change shows ", ModeIdText(stats.id),
                              ": check since, version and filters."));
    }
  }
  if (!out.overlaps.empty()) {
    out.notes.push_back(
        "Runs after both changes have both: verify_fix cannot tell which of them worked.");
  }
  const bool reviewed =
      std::any_of(recorded.targets.begin(), recorded.targets.end(),
                  [](const RankedMode& mode) { return mode.detector == kReviewedDetector; });
  if (reviewed) {
    out.notes.push_back(
        "What readers noted is verified by a blind reading of runs before and after, mixed: "
        "verify_fix gives the call. affected counts the noted runs only.");
  }
  if (fix.draw.tasks.empty()) {
    out.notes.push_back(
        "No task of the runs before is known, so none can be drawn to run again: new runs of any "
        "kind count.");
  }
}

RecordFixOutput Describe(const RecordedFix& recorded, const std::vector<Fix>& fixes,
                         std::int64_t now_ns) {
  const Fix& fix = recorded.fix;
  RecordFixOutput out;
  out.id = Words(fix.id);
  out.counts_from = BoundaryText(fix.boundary);
  out.effect =
      Cat("Recorded. ", fix.draw.tasks.empty() ? "Run the agent" : "Run the tasks of rerun",
          " with the change, ingest the traces, then call verify_fix; look as often as "
          "you like.");
  for (std::size_t i = 0; i < fix.targets.size(); ++i) {
    const FixTarget& target = fix.targets[i];
    RecordFixOutput::Entry entry;
    entry.id = ModeIdText(target.entry);
    if (i < recorded.targets.size()) entry.title = recorded.targets[i].title;
    entry.members = static_cast<std::int64_t>(target.modes.size());
    entry.eligible = target.eligible;
    entry.affected = target.affected;
    entry.picked_from = target.picked_from;
    out.entries.push_back(std::move(entry));
  }
  if (!fix.draw.tasks.empty()) out.rerun = ToWire(fix.draw);
  out.overlaps = OverlapsOf(fix, fixes);
  AddNotes(recorded, now_ns, out);
  out.next.push_back(Cat(R"(verify_fix {"fix":")", fix.id, "\"}"));
  return out;
}

Result<RecordFixOutput> RecordFix(Engine& engine, const RecordFixInput& in,
                                  const CallContext& context) {
  std::optional<wire::Filters> none;
  const Result<Question> question = MakeQuestion(engine, none, context.stop);
  if (!question) return question.error();
  Result<Fix> fix = ToFix(engine, in, question->now_ns);
  if (!fix) return fix.error();
  const Result<RecordedFix> recorded = engine.RecordFix(*question, std::move(*fix));
  if (!recorded) return recorded.error();
  const Result<std::vector<Fix>> fixes = engine.Fixes();
  if (!fixes) return fixes.error();
  RecordFixOutput out = Describe(*recorded, *fixes, question->now_ns);
  for (Prose& note : ProvenanceNotes(engine)) out.notes.push_back(std::move(note));
  return out;
}

}  // namespace

Tool RecordFixTool() {
  return MakeTool(
      ToolInfo{
          .name = "record_fix",
          .title = "Record a fix",
          .description =
              "Records a change of the harness that is meant to remove failure modes, and from "
              "when "
              "runs have it, so that verify_fix can say whether it worked. Call it when the change "
              "is made, before the agent runs again. Answers with tasks to run again, drawn at "
              "random: run all of them, not only those that failed. Changes no trace.",
          .annotations = {.read_only = false},
          .search_hint = "fix change commit record verify closed loop",
      },
      &RecordFix);
}

}  // namespace halo
