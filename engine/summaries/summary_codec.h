// SPDX-License-Identifier: MIT
// Summaries of many traces as the bytes that the store keeps.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/summaries/summary_columns.h"

namespace halo {

// How much of the columns is read.
enum class Detail : std::uint8_t { kCore, kTimings, kAll };  // kAll: evidence too

// All rows as bytes; compressed if `compress`, which pays from a few rows on.
std::string EncodeColumns(const SummaryColumns& columns, bool compress);

// Those bytes with their sections decompressed, as far as they are read.
struct ColumnBlock {
  Detail detail = Detail::kCore;
  bool joined = false;  // of the format in which timings stood among the summaries
  std::string summaries, timings, evidence;
};
Result<ColumnBlock> UnpackColumns(std::string_view bytes, Detail detail);
// Appends to `columns`, or leaves it as it was. The detail must be the same for all that is
// appended.
Result<void> AppendColumns(const ColumnBlock& block, SummaryColumns& columns);
Result<void> DecodeColumns(std::string_view bytes, Detail detail, SummaryColumns& columns);  // both

}  // namespace halo
