// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/stored_block.h"

#include <xxhash.h>

#include <array>

namespace halo {
namespace {

std::string_view NameOf(StoredPart part) {
  switch (part) {
    case StoredPart::kPayload:
      return "payload block ";
    case StoredPart::kFacts:
      return "facts block ";
    case StoredPart::kSummary:
      return "summary block ";
    case StoredPart::kSegment:
      return "segment of trace number ";
    case StoredPart::kTrace:
    case StoredPart::kMissingTrace:
      return "row of trace number ";
    default:
      return "part ";
  }
}

std::int64_t Hash(std::string_view bytes, std::uint64_t seed) {
  return static_cast<std::int64_t>(XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed));
}

}  // namespace

DamagedPart::DamagedPart(StoredPart of, std::int64_t number, std::string_view what)
    : StoreException{{Code::kCorrupt, ""}}, part(of), id(number) {
  error.message.append("the store is damaged: ").append(NameOf(of)).append(std::to_string(number));
  error.message.append(" ").append(what).append(
      "; run `halo-mcp doctor --repair`, then ingest the same files again");
}

std::int64_t BlockChecksum(StoredPart part, std::int64_t id, std::string_view block) {
  return Hash(block, static_cast<std::uint64_t>(id) * 8 + static_cast<std::uint64_t>(part));
}

std::int64_t SegmentChecksum(std::int64_t trace, const SegmentRow& row, std::string_view versions) {
  const std::array<std::int64_t, 7> numbers = {
      trace,     row.number,       row.spans,       row.payload_base,
      row.facts, row.facts_offset, row.facts_length};
  const std::int64_t head =
      Hash({reinterpret_cast<const char*>(numbers.data()), sizeof numbers}, 0);
  return Hash(versions, static_cast<std::uint64_t>(head));
}

std::int64_t TraceChecksum(std::int64_t id, const TraceKey& key) {
  return Hash(key.trace_id,
              static_cast<std::uint64_t>(Hash(key.project, static_cast<std::uint64_t>(id))));
}

std::string_view CheckedBlock(const Query& row, StoredPart part, std::int64_t id, int checksum) {
  const std::string_view block = row.Bytes(checksum + 1);
  if (BlockChecksum(part, id, block) != row.Int(checksum)) {
    throw DamagedPart(part, id, "does not pass its checksum");
  }
  return block;
}

SegmentRow CheckedSegment(const Query& row) {
  const SegmentRow segment{row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6)};
  if (SegmentChecksum(row.Int(0), segment, row.Bytes(7)) != row.Int(8)) {
    throw DamagedPart(StoredPart::kSegment, row.Int(0), "does not pass its checksum");
  }
  return segment;
}

}  // namespace halo
