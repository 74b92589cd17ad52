// SPDX-License-Identifier: MIT
// That no run shows a failure mode is an answer, with a bound. Any thread.
#pragma once

#include <optional>

#include "engine/engine.h"
#include "schemas/absent_mode.h"

namespace halo {

// One failure mode as a question has it, whether or not any run of the question shows it.
struct ModeInQuestion {
  ModeId id = 0;
  std::optional<RankedMode> mode;     // of the question; nullopt where the store knows none
  std::optional<RankedMode> overall;  // of all runs, where the question has filters
  OverviewStats totals;               // of the question
  std::int64_t all_units = 0;         // settled, without the filters
  std::string unknown;                // where the store knows none: that, and the nearest ids

  bool absent() const { return !mode || mode->stats.units == 0; }
  const RankedMode* best() const { return overall ? &*overall : mode ? &*mode : nullptr; }
};

// Fails where the store holds nothing.
Result<ModeInQuestion> FindMode(Engine& engine, const Question& question, ModeId id);

// Of a mode that is absent.
wire::AbsentMode DescribeAbsence(const ModeInQuestion& found);
// "7 of 40 runs that could show it (18 %, 95 % interval 9 % to 32 %)", or that it is absent.
std::string RateSentence(const ModeInQuestion& found);

}  // namespace halo
