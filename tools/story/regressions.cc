// SPDX-License-Identifier: MIT
#include "tools/story/regressions.h"

#include "tools/answer/phrases.h"

namespace halo {

void MarkRegressions(Engine& engine, const Question& question, std::vector<wire::ModeRow>& rows,
                     std::vector<Prose>& notes) {
  // All that is bound, so that a filter does not hide the runs that show it.
  Question whole = question;
  whole.filter = {};
  whole.filter.bound_projects = question.filter.bound_projects;
  whole.filter.bound_services = question.filter.bound_services;
  const auto regressions = engine.Regressions(whole);
  if (!regressions) return;
  for (const auto& [entry, fix] : *regressions) {
    const std::string id = ModeIdText(entry);
    for (wire::ModeRow& row : rows) {
      if (row.id == id) row.status = "regressed";
    }
    notes.push_back(Cat("Regressed: ", id, " was gone after ", fix, " and came back; verify_fix ",
                        R"({"fix":")", fix, "\"} compares the runs."));
  }
}

void NoteRegressions(Engine& engine, const Question& question, std::vector<Prose>& notes) {
  std::vector<wire::ModeRow> none;
  MarkRegressions(engine, question, none, notes);
}

}  // namespace halo
