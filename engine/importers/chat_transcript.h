// SPDX-License-Identifier: MIT
// Chat transcripts: what people have who never traced. A run is a list of messages with tool calls,
// or an object with such a list: [{"role": ...}], {"messages": [...]}, and the runs of tau-bench,
// {"task_id", "reward", "info", "traj": [...]}. Runs are lines, documents or items of arrays.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kChatTranscript;

}  // namespace halo
