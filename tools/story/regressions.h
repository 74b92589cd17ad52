// SPDX-License-Identifier: MIT
// Failures that were fixed and came back, in lists of failure modes. Any thread.
#pragma once

#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"

namespace halo {

// Adds a note for each, whether it is shown or not, and gives those among `rows` the status
// "regressed".
void MarkRegressions(Engine& engine, const Question& question, std::vector<wire::ModeRow>& rows,
                     std::vector<Prose>& notes);
// Only the notes.
void NoteRegressions(Engine& engine, const Question& question, std::vector<Prose>& notes);

}  // namespace halo
