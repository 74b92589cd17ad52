// SPDX-License-Identifier: MIT
// How often the findings of a detector are right in a project, as readers of its runs say. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/model/question.h"

namespace halo {

// Findings that readers judged, each once a run; of several readers of a run the note that counts.
struct DetectorPrecision {
  std::string project;
  std::uint8_t detector = 0;
  std::int64_t judged = 0, right = 0;

  double value() const { return static_cast<double>(right) / static_cast<double>(judged); }
};

// With fewer the precision says too little, and nothing follows from it.
inline constexpr std::int64_t kFewestJudged = 10;

// Of at least kFewestJudged findings, most judged first.
std::vector<DetectorPrecision> PrecisionOfDetectors(const ReviewBook& book);
// Those that are right in less than half of them.
DoubtedDetectors DoubtsOf(std::span<const DetectorPrecision> precisions);

// Makes candidates of the findings that are doubted in the trace's project. Null: none are.
void Doubt(const DoubtedDetectors* doubted, TraceSummary& summary);

}  // namespace halo
