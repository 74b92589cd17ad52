// SPDX-License-Identifier: MIT
// The results of tau2-bench: {"timestamp", "info", "tasks", "simulations": [...]}, where a
// simulation is a run with messages, a reward, times, and costs.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kTau2Results;

}  // namespace halo
