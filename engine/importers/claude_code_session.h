// SPDX-License-Identifier: MIT
// The sessions that Claude Code keeps under ~/.claude/projects: one JSON object per line. Held
// against files of version 2.1, and against the older shape in which a subagent's lines are among
// those of its parent. A prompt and all that follows is a run. Times are recorded.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kClaudeCodeSession;

}  // namespace halo
