// SPDX-License-Identifier: MIT
// A summary as bytes: what two summaries are compared by.
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
