// SPDX-License-Identifier: MIT
// Checks what a reader notes of a run against its stored values. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "schemas/note_runs.h"
#include "tools/story/blind_review.h"

namespace halo {

constexpr std::size_t kMaxCategoryName = 80;

// Text as it was shown: without a fence, and without its escapes.
std::string AsStored(std::string_view text);

// The note, or false after adding to `refused` what is wrong with it. A quote that stands elsewhere
// than the reader says is kept where it is, with a remark.
bool ReadNote(Engine& engine, const wire::NoteRunsInput::Note& in, NotedRun& run, ReviewNote& out,
              std::vector<wire::NoteRunsOutput::Refused>& refused, std::vector<Prose>& remarks);

}  // namespace halo
