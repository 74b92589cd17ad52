// SPDX-License-Identifier: MIT
// Reads any bytes as stored facts or summaries: they are refused, or do not change when they are
// written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/codec/facts_codec.h"
#include "engine/summaries/summary_codec.h"

namespace {

void TryFacts(std::string_view bytes) {
  halo::StringPool words;
  std::vector<halo::SpanFacts> spans;
  std::vector<halo::PayloadRef> refs;
  const bool has_refs = halo::DecodePayloadRefs(bytes, refs).has_value();
  if (!halo::DecodeFacts(bytes, 0, words, spans)) return;
  if (!has_refs || refs.size() != spans.size()) std::abort();
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (refs[i].block != spans[i].payload.block || refs[i].offset != spans[i].payload.offset) {
      std::abort();
    }
  }
  if (!spans.empty()) {
    const std::size_t row = spans.size() / 2;
    std::vector<halo::SpanFacts> one;
    if (!halo::DecodeFacts(bytes, {row, 1}, 0, words, one)) std::abort();
    if (halo::EncodeFacts(one, words) != halo::EncodeFacts({&spans[row], 1}, words)) std::abort();
  }
  const std::string once = halo::EncodeFacts(spans, words);
  halo::StringPool other;
  std::vector<halo::SpanFacts> again;
  if (!halo::DecodeFacts(once, 0, other, again)) std::abort();
  if (halo::EncodeFacts(again, other) != once) std::abort();
}

void TrySummaries(std::string_view bytes) {
  halo::SummaryColumns columns;
  if (!halo::DecodeColumns(bytes, halo::Detail::kAll, columns)) {
    if (columns.size() != 0 || columns.operations.size() != 0) std::abort();
    return;
  }
  const std::string once = halo::EncodeColumns(columns, false);
  halo::SummaryColumns again;
  if (!halo::DecodeColumns(once, halo::Detail::kAll, again)) std::abort();
  if (halo::EncodeColumns(again, false) != once) std::abort();
  for (std::size_t row = 0; row < columns.size(); ++row) (void)halo::SummaryAt(columns, row);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TryFacts(bytes);
  TrySummaries(bytes);
  return 0;
}
