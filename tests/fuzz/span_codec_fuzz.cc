// SPDX-License-Identifier: MIT
// Reads any bytes as a stored span: they are refused, or do not change when written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/codec/span_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const halo::Result<halo::OwnedSpan> span = halo::DecodeSpan(std::string(bytes));
  if (!span) return 0;
  std::string once, twice;
  halo::EncodeSpan(span->span(), once);
  const halo::Result<halo::OwnedSpan> again = halo::DecodeSpan(once);
  if (!again) std::abort();
  halo::EncodeSpan(again->span(), twice);
  if (once != twice) std::abort();
  halo::ForEachText(span->span(), [&](std::string_view path, std::string_view) {
    if (!halo::ValueAt(span->span(), path)) std::abort();
    return true;
  });
  std::string merged, alone;
  halo::EncodeSpan(halo::MergeVersions(*span, *again).span(), merged);
  halo::EncodeSpan(halo::MergeVersions(*span, *span).span(), alone);
  if (merged != alone) std::abort();
  return 0;
}
