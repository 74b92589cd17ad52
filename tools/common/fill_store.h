// SPDX-License-Identifier: MIT
// How to fill a store that holds no traces, for the notes of an answer. Any thread.
#pragma once

#include <vector>

#include "engine/model/workspace.h"
#include "schemas/trace_text.h"

namespace halo {

// Where traces can come from, and the lines for the framework that the sources in the workspace's
// folder use, or the names of all frameworks.
std::vector<Prose> HowToFill(const Workspace& workspace);

}  // namespace halo
