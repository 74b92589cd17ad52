// SPDX-License-Identifier: MIT
// The rollouts that Codex keeps under ~/.codex/sessions: one JSON object per line, each with a
// timestamp, a type and a payload. Held against files of version 0.169, and against older ones,
// which do not say where a turn starts or ends, and count tokens in events only. A turn is a run.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kCodexSession;

}  // namespace halo
