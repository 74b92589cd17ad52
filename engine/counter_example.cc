// SPDX-License-Identifier: MIT
#include "engine/counter_example.h"

#include <algorithm>

namespace halo {
namespace {

constexpr std::size_t kRowsToSearch = 100;

std::optional<CounterExample> FirstWithout(Engine& engine, const Question& question, ModeId mode,
                                           Likeness likeness) {
  const Result<TracePage> page = engine.Traces(question, TraceSort::kNewest, kRowsToSearch, {});
  if (!page) return std::nullopt;
  for (const TraceRow& row : page->rows) {
    if (!row.settled) continue;
    if (std::find(row.modes.begin(), row.modes.end(), mode) != row.modes.end()) continue;
    return CounterExample{row.key, likeness, row.outcome, nullptr};
  }
  return std::nullopt;
}

}  // namespace

std::optional<CounterExample> FindCounterExample(Engine& engine, const Question& question,
                                                 const ModeStats& mode,
                                                 std::span<const TraceSummary* const> examples) {
  Question passing = question;
  passing.filter.failure_mode.reset();
  passing.filter.outcome = Outcome::kSuccess;
  for (const TraceSummary* example : examples) {
    if (example->task.empty()) continue;
    Question same_task = passing;
    same_task.filter.task = example->task;
    if (auto found = FirstWithout(engine, same_task, mode.id, Likeness::kSameTask)) {
      found->same_task_as = example;
      return found;
    }
  }
  const Locus& locus = mode.locus;
  if (!locus.agent.empty()) passing.filter.agent = locus.agent;
  if (!locus.tool.empty()) {
    Question same_tool = passing;
    same_tool.filter.tool = locus.tool;
    if (auto found = FirstWithout(engine, same_tool, mode.id, Likeness::kSameTool)) return found;
  }
  return FirstWithout(engine, passing, mode.id,
                      locus.agent.empty() ? Likeness::kNone : Likeness::kSameAgent);
}

}  // namespace halo
