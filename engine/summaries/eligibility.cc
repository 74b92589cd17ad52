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
      index_of_name_(c_.words.size()),
      slot_of_agent_(c_.words.size()),
      slots_(1) {
  for (const std::uint32_t finding : findings) Want(finding);
  for (NameSlots& name : names_) {
    auto& of_agent = name.of_agent;
    std::sort(of_agent.begin(), of_agent.end());
    of_agent.erase(std::unique(of_agent.begin(), of_agent.end()), of_agent.end());
    for (auto& [agent, slot] : of_agent) slot = NewSlot();
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
      const std::uint32_t index = index_of_name_[c_.operations.name[i]];
      if (index == 0) continue;
      const NameSlots& name = names_[index - 1];
      Add(name.any, run);
      Add(name.Of(c_.operations.agent[i]), run);
    }
    for (const StringId agent : c_.agents[row]) Add(slot_of_agent_[agent], run);
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
      if (name == 0 || index_of_name_[name] == 0 || Calls(row, agent, name)) continue;
      const NameSlots& of_name = names_[index_of_name_[name] - 1];
      for (const std::uint32_t slot : {of_name.Of(agent), of_name.any}) {
        if (slot == kNoSlot || !slots_[slot].exists) continue;
        slots_[slot].runs.push_back(run);
        changed.push_back(slot);
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

std::uint32_t Eligibility::NewSlot() {
  slots_.emplace_back();
  return static_cast<std::uint32_t>(slots_.size() - 1);
}

void Eligibility::Want(std::uint32_t finding) {
  const StringId agent = c_.findings.agent[finding];
  if (agent != 0 && slot_of_agent_[agent] == kNoSlot) slot_of_agent_[agent] = NewSlot();
  const StringId name = NameOf(finding);
  if (name == 0) return;
  std::uint32_t& index = index_of_name_[name];
  if (index == 0) {
    names_.emplace_back().any = NewSlot();
    index = static_cast<std::uint32_t>(names_.size());
  }
  if (agent != 0) names_[index - 1].of_agent.emplace_back(agent, kNoSlot);
}

std::uint32_t Eligibility::NameSlots::Of(StringId agent) const {
  const auto found = std::lower_bound(of_agent.begin(), of_agent.end(), std::pair(agent, 0U));
  return found == of_agent.end() || found->first != agent ? kNoSlot : found->second;
}

void Eligibility::Add(std::uint32_t slot, std::uint32_t run) {
  if (slot == kNoSlot) return;
  Slot& of = slots_[slot];
  of.exists = true;
  if (run == kNoRun || (!of.runs.empty() && of.runs.back() == run)) return;
  of.runs.push_back(run);
}

EligibleSlot Eligibility::Of(std::uint32_t finding, EligibleBy& by) const {
  const std::uint8_t detector = c_.findings.detector[finding];
  const StringId agent = c_.findings.agent[finding];
  const auto occurs = [&](std::uint32_t slot) { return slot != kNoSlot && slots_[slot].exists; };
  if (const StringId name = NameOf(finding); name != 0 && index_of_name_[name] != 0) {
    by = c_.findings.tool[finding] != 0 ? EligibleBy::kTool : EligibleBy::kSpan;
    const NameSlots& slots = names_[index_of_name_[name] - 1];
    if (const std::uint32_t slot = slots.Of(agent); occurs(slot)) return {slot, detector};
    if (occurs(slots.any)) return {slots.any, detector};
  }
  by = EligibleBy::kAgent;
  if (const std::uint32_t slot = slot_of_agent_[agent]; occurs(slot)) return {slot, detector};
  by = EligibleBy::kAll;
  return {0, detector};
}

}  // namespace halo
