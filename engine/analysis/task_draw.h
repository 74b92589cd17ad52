// SPDX-License-Identifier: MIT
// Draws the tasks to run again after a fix: at random from all tasks with the opportunity to fail,
// whether they failed or not, since running only what failed shows an improvement by chance alone.
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/model/fix.h"
#include "engine/model/observed_run.h"

namespace halo {

inline constexpr std::size_t kDrawnTasks = 20;

// Draws from the tasks of the runs that are eligible for any target and not after the fix. The same
// seed and tasks give the same draw on every machine.
TaskDraw DrawTasks(std::span<const ObservedRun> runs, std::uint64_t seed);

// The seed where the client gives none.
std::uint64_t DefaultSeed(ModeId entry);

}  // namespace halo
