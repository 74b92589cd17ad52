// SPDX-License-Identifier: MIT
// Which runs could have shown a failure mode, whether they failed or not: the denominators of
// rates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
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
  struct Slot {
    bool exists = false;  // in a trace of the store, whatever the question selects
    std::vector<std::uint32_t> runs;
  };

  static std::uint64_t KeyOf(StringId agent, StringId name) {
    return std::uint64_t{agent} << 32 | name;
  }
  StringId NameOf(std::uint32_t finding) const;
  void Want(StringId agent, StringId name);
  const std::uint32_t* Find(StringId agent, StringId name) const;
  void Add(StringId agent, StringId name, std::uint32_t run);
  // Adds the runs with a finding at a call that has no span there: the model asked for it.
  void AddAsked(const std::vector<SummaryTable::Row>& rows);
  bool Calls(SummaryTable::Row row, StringId agent, StringId name) const;

  const SummaryColumns& c_;
  // By agent and name of a call; agent 0: any agent; name 0: the agent ran.
  std::unordered_map<std::uint64_t, std::uint32_t> slot_of_;
  std::vector<bool> wants_name_, wants_agent_;  // by word
  std::vector<Slot> slots_;                     // the first holds all runs
};

}  // namespace halo
