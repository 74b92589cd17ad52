// SPDX-License-Identifier: MIT
// A summary as bytes, to compare two summaries.
#pragma once

#include <string>

#include "engine/summaries/summary_codec.h"

namespace halo {

inline std::string SummaryBytes(const TraceSummary& summary) {
  SummaryColumns columns;
  AppendSummary(summary, {}, columns);
  return EncodeColumns(columns, false);
}

}  // namespace halo
