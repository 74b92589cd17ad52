// SPDX-License-Identifier: MIT
// Chat transcripts with one message per line: {"role": ..., "content": ...}. The input is one run.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

// Another framing of kChatTranscript.
extern const Importer kChatLines;

}  // namespace halo
