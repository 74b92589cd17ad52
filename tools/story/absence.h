// SPDX-License-Identifier: MIT
// Answers for a failure mode that no run shows: its rate has an upper bound. Any thread.
#pragma once

#include <optional>

#include "engine/engine.h"
#include "schemas/absent_mode.h"

namespace halo {

// One failure mode within a question, whether or not any run of the question shows it.
struct ModeInQuestion {
  ModeId id = 0;
  std::optional<RankedMode> mode;     // in the question; nullopt if the store does not know it
  std::optional<RankedMode> overall;  // over all runs, if the question has filters
  OverviewStats totals;               // of the question's runs
  std::int64_t all_units = 0;         // settled units without the filters
  std::string unknown;                // if the store does not know it: says so, with similar ids

  bool absent() const { return !mode || mode->stats.units == 0; }
  const RankedMode* best() const { return overall ? &*overall : mode ? &*mode : nullptr; }
};

// An unknown mode is not an error, unless the store is empty (kNotFound) or cannot be read.
Result<ModeInQuestion> FindMode(Engine& engine, const Question& question, ModeId id);

// Describes a mode for which absent() is true.
wire::AbsentMode DescribeAbsence(const ModeInQuestion& found);
// "7 of 40 runs that could show it (18 %, 95 % interval 9 % to 32 %)", or that it is absent.
std::string RateSentence(const ModeInQuestion& found);

}  // namespace halo
