// SPDX-License-Identifier: MIT
// A settled run as an observation: what it was, and which failures it shows. Verifying a fix
// compares those before it with those after it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/question.h"

namespace halo {

struct ObservedRun {
  TraceKey key;                       // of its first trace
  std::int64_t start_ns = 0;          // 0: unknown
  std::int64_t arrived_ns = 0;        // when the last of its spans was received
  std::string task, session;          // empty: unknown
  std::string name, version, models;  // models: all, joined by ", "
  Outcome outcome = Outcome::kUnknown;
  std::int64_t tokens = 0, nano_usd = 0, duration_ns = 0;  // kUnknownAmount: unknown
  bool after = false;  // it is one of those that the change applies to
  // One bit for each target that was asked about.
  std::uint64_t eligible = 0;
  std::uint64_t affected = 0;   // shows one of the target's own modes
  std::uint64_t varied = 0;     // shows a mode that belongs to the target's entry by now only
  std::vector<ModeId> entries;  // that it shows, by id

  bool Eligible(std::size_t target) const { return (eligible >> target & 1) != 0; }
  bool Affected(std::size_t target) const { return (affected >> target & 1) != 0; }
  bool Varied(std::size_t target) const { return (varied >> target & 1) != 0; }
};

struct ObservedRuns {
  std::vector<ObservedRun> runs;
  // The entry that each target is part of by now; 0: no stored trace shows the target.
  std::vector<ModeId> entries;
};

// Identifies a run across processes and days.
std::uint64_t RunHash(const ObservedRun& run);

}  // namespace halo
