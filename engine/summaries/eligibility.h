// SPDX-License-Identifier: MIT
// Which runs could have shown a failure mode, whether they failed or not: the denominators of
// rates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/summaries/population.h"

namespace halo {

inline constexpr std::size_t kMaxDetectors = 64;  // bits of TraceSummary::eligible

// The opportunity of a mode: runs of a slot, as far as the detector could judge them.
using EligibleSlot = std::pair<std::uint32_t, std::uint8_t>;  // slot, detector

// Lists the runs of a population by what happened in them. A slot is a set of runs: all of them;
// those in which an agent called a tool or ran a span of a name; those in which any agent did;
// those in which an agent ran. Immutable; any thread.
class Eligibility {
 public:
  // `findings`: one of each mode that is asked for, as numbers of SummaryTable.
  Eligibility(const Population& population, std::span<const std::uint32_t> findings);

  // The opportunity of the mode of a finding that was given above. Where no run of the store has
  // the call (the model invented its name, or it has no span), that the agent ran; where agents
  // have no names, all runs.
  EligibleSlot Of(std::uint32_t finding, EligibleBy& by) const;
  // The runs of a slot, as indexes into the rows of the population, in their order.
  std::span<const std::uint32_t> Runs(std::uint32_t slot) const { return slots_[slot].runs; }

 private:
  static constexpr std::uint32_t kNoSlot = 0;  // the first slot is asked for in another way

  struct Slot {
    bool exists = false;  // in a trace of the store, whatever the question selects
    std::vector<std::uint32_t> runs;
  };
  // The slots of a name of calls: of any agent, and of the agents that are asked for, by agent.
  struct NameSlots {
    std::uint32_t any = kNoSlot;
    std::vector<std::pair<StringId, std::uint32_t>> of_agent;

    std::uint32_t Of(StringId agent) const;
  };

  StringId NameOf(std::uint32_t finding) const;
  void Want(std::uint32_t finding);
  std::uint32_t NewSlot();
  void Add(std::uint32_t slot, std::uint32_t run);
  // Adds the runs with a finding at a call that has no span there: the model asked for it.
  void AddAsked(const std::vector<SummaryTable::Row>& rows);
  bool Calls(SummaryTable::Row row, StringId agent, StringId name) const;

  const SummaryColumns& c_;
  std::vector<NameSlots> names_;
  std::vector<std::uint32_t> index_of_name_;  // by word: 1 + its index in names_; 0: not asked for
  std::vector<std::uint32_t> slot_of_agent_;  // by word: that the agent ran
  std::vector<Slot> slots_;                   // the first holds all runs
};

}  // namespace halo
