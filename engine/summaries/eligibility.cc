// SPDX-License-Identifier: MIT
#include "engine/summaries/eligibility.h"

#include <algorithm>
#include <numeric>

namespace halo {
namespace {

constexpr std::uint32_t kNoRun = UINT32_MAX;  // the trace is not part of the population

}  // namespace

Eligibility::Eligibility(const Population& population, std::span<const std::uint32_t> findings)
    : c_(population.table().columns()),
      wants_name_(c_.words.size()),
      wants_agent_(c_.words.size()),
      slots_(1) {
  for (const std::uint32_t finding : findings) {
    const StringId agent = c_.findings.agent[finding];
    if (const StringId name = NameOf(finding); name != 0) {
      Want(agent, name);
      Want(0, name);
      wants_name_[name] = true;
    }
    if (agent != 0) Want(agent, 0);
    wants_agent_[agent] = agent != 0;
  }

  const std::vector<SummaryTable::Row>& rows = population.rows();
  slots_[0].exists = true;
  slots_[0].runs.resize(rows.size());
  std::iota(slots_[0].runs.begin(), slots_[0].runs.end(), 0);
  std::vector<std::uint32_t> run_of_row(c_.size(), kNoRun);
  for (std::uint32_t i = 0; i < rows.size(); ++i) run_of_row[rows[i]] = i;
  // In the order of the population, and then the rest.
  const auto visit = [&](SummaryTable::Row row, std::uint32_t run) {
    for (std::size_t i = c_.operation_begin(row); i < c_.operation_end[row]; ++i) {
      const StringId name = c_.operations.name[i];
      if (!wants_name_[name]) continue;
      Add(0, name, run);
      if (c_.operations.agent[i] != 0) Add(c_.operations.agent[i], name, run);
    }
    for (const StringId agent : c_.agents[row]) {
      if (wants_agent_[agent]) Add(agent, 0, run);
    }
  };
  for (std::uint32_t i = 0; i < rows.size(); ++i) visit(rows[i], i);
  if (rows.size() != population.table().live_rows()) {
    for (SummaryTable::Row row = 0; row < c_.size(); ++row) {
      if (run_of_row[row] == kNoRun && population.table().live(row)) visit(row, kNoRun);
    }
  }
  AddAsked(rows);
}

void Eligibility::AddAsked(const std::vector<SummaryTable::Row>& rows) {
  std::vector<std::uint32_t> changed;
  for (std::uint32_t run = 0; run < rows.size(); ++run) {
    const SummaryTable::Row row = rows[run];
    for (std::uint32_t f = c_.finding_begin(row); f < c_.finding_end[row]; ++f) {
      const StringId agent = c_.findings.agent[f], name = NameOf(f);
      if (name == 0 || !wants_name_[name] || Calls(row, agent, name)) continue;
      for (const StringId of : {agent, StringId{0}}) {
        const std::uint32_t* const slot = Find(of, name);
        if (slot == nullptr) continue;
        slots_[*slot].runs.push_back(run);
        changed.push_back(*slot);
      }
    }
  }
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  for (const std::uint32_t slot : changed) {
    std::vector<std::uint32_t>& runs = slots_[slot].runs;
    std::sort(runs.begin(), runs.end());
    runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  }
}

bool Eligibility::Calls(SummaryTable::Row row, StringId agent, StringId name) const {
  for (std::size_t i = c_.operation_begin(row); i < c_.operation_end[row]; ++i) {
    if (c_.operations.name[i] == name && c_.operations.agent[i] == agent) return true;
  }
  return false;
}

StringId Eligibility::NameOf(std::uint32_t finding) const {
  if (static_cast<Opportunity>(c_.findings.opportunity[finding]) == Opportunity::kAgent) return 0;
  const StringId tool = c_.findings.tool[finding];
  return tool != 0 ? tool : c_.findings.span_name[finding];
}

void Eligibility::Want(StringId agent, StringId name) {
  const auto [slot, is_new] =
      slot_of_.try_emplace(KeyOf(agent, name), static_cast<std::uint32_t>(slots_.size()));
  if (is_new) slots_.emplace_back();
}

const std::uint32_t* Eligibility::Find(StringId agent, StringId name) const {
  const auto found = slot_of_.find(KeyOf(agent, name));
  return found == slot_of_.end() || !slots_[found->second].exists ? nullptr : &found->second;
}

void Eligibility::Add(StringId agent, StringId name, std::uint32_t run) {
  const auto found = slot_of_.find(KeyOf(agent, name));
  if (found == slot_of_.end()) return;
  Slot& slot = slots_[found->second];
  slot.exists = true;
  if (run == kNoRun || (!slot.runs.empty() && slot.runs.back() == run)) return;
  slot.runs.push_back(run);
}

EligibleSlot Eligibility::Of(std::uint32_t finding, EligibleBy& by) const {
  const std::uint8_t detector = c_.findings.detector[finding];
  const StringId agent = c_.findings.agent[finding];
  if (const StringId name = NameOf(finding); name != 0) {
    by = c_.findings.tool[finding] != 0 ? EligibleBy::kTool : EligibleBy::kSpan;
    if (const std::uint32_t* slot = Find(agent, name)) return {*slot, detector};
    if (const std::uint32_t* slot = Find(0, name)) return {*slot, detector};
  }
  by = EligibleBy::kAgent;
  if (agent != 0) {
    if (const std::uint32_t* slot = Find(agent, 0)) return {*slot, detector};
  }
  by = EligibleBy::kAll;
  return {0, detector};
}

}  // namespace halo
