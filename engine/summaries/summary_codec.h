// SPDX-License-Identifier: MIT
// Encodes summaries of many traces as the bytes that the store keeps.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/summaries/summary_columns.h"

namespace halo {

// Which columns are read: kTimings adds the timings of operations, behaviours and slow spots, kAll
// also the evidence.
enum class Detail : std::uint8_t { kCore, kTimings, kAll };

// Encodes all rows. `compress` saves space from a few rows up.
std::string EncodeColumns(const SummaryColumns& columns, bool compress);

// Encoded rows, with the sections that `detail` needs decompressed.
struct ColumnBlock {
  Detail detail = Detail::kCore;
  std::string summaries, timings, evidence;
};
Result<ColumnBlock> UnpackColumns(std::string_view bytes, Detail detail);
// Appends to `columns`; on failure leaves it unchanged. All blocks that are appended to the same
// columns must have the same detail.
Result<void> AppendColumns(const ColumnBlock& block, SummaryColumns& columns);
// UnpackColumns and AppendColumns in one step.
Result<void> DecodeColumns(std::string_view bytes, Detail detail, SummaryColumns& columns);

}  // namespace halo
