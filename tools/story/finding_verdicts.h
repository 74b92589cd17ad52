// SPDX-License-Identifier: MIT
// What a reader says of the findings of a run: whether each is right. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/model/review.h"

namespace halo {

// Reads ids of findings, or of entries that hold them, into verdicts. Empty, or what is wrong with
// the ids.
std::string ReadFindingVerdicts(Engine& engine, std::span<const TraceReading> traces,
                                const std::vector<std::string>& right,
                                const std::vector<std::string>& wrong,
                                std::vector<FindingVerdict>& out);

// Findings that dossiers show, of different modes, without a verdict.
std::int64_t UnjudgedFindings(std::span<const TraceReading> traces,
                              const std::vector<FindingVerdict>& verdicts);

}  // namespace halo
