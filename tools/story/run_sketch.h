// SPDX-License-Identifier: MIT
// How alike two runs are. Pure; any thread.
#pragma once

#include "engine/model/review.h"
#include "tools/story/run_items.h"

namespace halo {

// See RunSketch: of the words of all turns, where numbers are alike.
RunSketch SketchOf(const RunText& run);

}  // namespace halo
