// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/reclaim_space.h"

#include <zstd.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/codec/block_codec.h"
#include "engine/codec/facts_codec.h"
#include "engine/model/string_pool.h"
#include "engine/store/sqlite/appender.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/trace_rows.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {
namespace {

constexpr std::size_t kBlocksAtOnce = 64;       // deleted in one transaction
constexpr std::size_t kBytesAtOnce = 8u << 20;  // moved in one transaction

// What the traces use of a block.
struct Use {
  std::int64_t size = 0;  // decoded
  std::int64_t used = 0;
  std::vector<std::int64_t> traces;  // may contain repetitions
};
using Uses = std::map<std::int64_t, Use>;

std::int64_t DecodedSize(std::string_view head) {
  const unsigned long long size = ZSTD_getFrameContentSize(head.data(), head.size());
  return size < ZSTD_CONTENTSIZE_ERROR ? static_cast<std::int64_t>(size) : 0;
}

void CountUse(const SegmentRow& row, std::int64_t trace, const std::vector<PayloadRef>& refs,
              const RowRange& range, Uses& uses) {
  for (std::size_t i = range.first; i < range.first + range.count && i < refs.size(); ++i) {
    const auto use = uses.find(refs[i].block + row.payload_base);
    if (use == uses.end()) continue;
    use->second.used += refs[i].length;
    std::vector<std::int64_t>& traces = use->second.traces;
    if (traces.empty() || traces.back() != trace) traces.push_back(trace);
  }
}

// The use of all loose blocks, from one snapshot. A trace that cannot be read may use any of them,
// so that damage makes it fail.
Uses MeasureUse(Database& database) {
  Uses uses;
  {
    Query rows = database.Ask(
        "SELECT payloads.id, substr(bytes, 1, 18) FROM loose_payloads JOIN payloads USING (id) "
        "WHERE NOT gone");
    while (rows.Step()) uses[rows.Int(0)].size = DecodedSize(rows.Bytes(1));
  }
  if (uses.empty()) return uses;
  Query rows = database.Ask(
      "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
      "checksum FROM segments ORDER BY facts, facts_offset");
  std::int64_t loaded = 0;
  std::string block;
  const char* table_read = nullptr;
  std::vector<PayloadRef> refs;
  while (rows.Step()) {
    const std::int64_t trace = rows.Int(0);
    const SegmentRow row = CheckedSegment(rows);
    if (row.facts != loaded) {
      block = LoadFacts(database, row.facts);
      loaded = row.facts;
      table_read = nullptr;
    }
    const StoredFacts facts = ValueOrThrow(FactsIn(block, row));
    if (!facts.rows || table_read != facts.table.data()) {
      refs.clear();
      ValueOrThrow(DecodePayloadRefs(facts.table, refs));
      table_read = facts.table.data();
    }
    CountUse(row, trace, refs, facts.rows.value_or(RowRange{0, refs.size()}), uses);
  }
  return uses;
}

// Deletes blocks and remembers that they are gone, for readers that still look for them.
void DeletePayloads(Database& database, std::span<const std::int64_t> blocks) {
  State state = ReadState(database);
  for (const std::int64_t block : blocks) {
    {
      Query row = database.Ask("SELECT substr(bytes, 1, 18) FROM payloads WHERE id = ?", block);
      if (row.Step()) state.payload_bytes -= DecodedSize(row.Bytes(0));
    }
    database.Run("DELETE FROM payloads WHERE id = ?", block);
    database.Run("UPDATE loose_payloads SET gone = 1 WHERE id = ?", block);
  }
  WriteState(database, state);
}

// Moves spans of traces out of blocks that are about to be deleted. One transaction.
class Mover {
 public:
  Mover(Database& database, const std::set<std::int64_t>& blocks)
      : database_(database),
        blocks_(blocks),
        state_(ReadState(database)),
        facts_(database, state_) {
    ++state_.sequence;
  }

  // Returns how many bytes it has moved so far.
  std::size_t Move(std::int64_t trace) {
    StringPool words;
    std::vector<SpanFacts> spans;
    {
      Query rows = database_.Ask(
          "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, "
          "versions, checksum FROM segments WHERE trace = ? ORDER BY number",
          trace);
      while (rows.Step()) {
        const SegmentRow row = CheckedSegment(rows);
        ValueOrThrow(DecodeSegment(LoadFacts(database_, row.facts), row, words, spans));
      }
    }
    bool moved = false;
    for (SpanFacts& span : spans) {
      if (!blocks_.contains(span.payload.block)) continue;
      span.payload = MovePayload(span.payload);
      moved = true;
    }
    if (!moved) return bytes_;
    ReplaceSegments(database_, facts_, trace, EncodeFacts(spans, words),
                    static_cast<std::int64_t>(spans.size()), {});
    // An analysis that has read the old places must not be stored.
    database_.Run("UPDATE traces SET segments = 1, generation = ? WHERE id = ?", state_.sequence,
                  trace);
    return bytes_;
  }

  void Finish() {
    Close();
    facts_.Finish();
    WriteState(database_, state_);
  }

 private:
  PayloadRef MovePayload(const PayloadRef& from) {
    if (from.block != loaded_) {
      source_ = LoadPayload(database_, from.block);
      loaded_ = from.block;
    }
    if (from.offset > source_.size() || from.length > source_.size() - from.offset) {
      throw DamagedPart(StoredPart::kPayload, from.block, "is too short");
    }
    if (pending_.size() >= kBlockBytes) Close();
    const PayloadRef to{state_.next_payload, static_cast<std::uint32_t>(pending_.size()),
                        from.length};
    pending_.append(source_, from.offset, from.length);
    bytes_ += from.length;
    return to;
  }

  void Close() {
    if (pending_.empty()) return;
    PutPayload(database_, state_, state_.next_payload, compressor_.Compress(pending_));
    ++state_.next_payload;
    pending_.clear();
  }

  Database& database_;
  const std::set<std::int64_t>& blocks_;
  State state_;
  FactsLog facts_;
  BlockCompressor compressor_;
  std::string pending_, source_;
  std::int64_t loaded_ = 0;
  std::size_t bytes_ = 0;
};

// Whether so little of a block is used that moving it is worth the copy.
bool IsWorthMoving(const Use& use) { return use.used * 4 <= use.size * 3; }

// Moves what the traces use of `blocks`; false if it was stopped before all is moved.
bool MoveOut(const StoreAccess& store, const std::set<std::int64_t>& blocks, const Uses& uses,
             const std::stop_token& stop) {
  std::set<std::int64_t> traces;
  for (const std::int64_t block : blocks) {
    traces.insert(uses.at(block).traces.begin(), uses.at(block).traces.end());
  }
  for (auto next = traces.begin(); next != traces.end();) {
    if (stop.stop_requested()) return false;
    store.write([&](Database& database) {
      Mover mover(database, blocks);
      while (next != traces.end() && mover.Move(*next) < kBytesAtOnce) ++next;
      if (next != traces.end()) ++next;
      mover.Finish();
    });
  }
  return true;
}

}  // namespace

void ReclaimPayloads(const StoreAccess& store, std::stop_token stop) {
  Uses uses;
  std::int64_t removed = 0;  // when traces were last removed
  store.read([&](Database& database) {
    uses = MeasureUse(database);
    removed = ReadState(database).repaired;
  });
  std::set<std::int64_t> moving;
  std::vector<std::int64_t> useless, kept;
  for (const auto& [block, use] : uses) {
    if (use.used == 0) {
      useless.push_back(block);
    } else if (IsWorthMoving(use)) {
      moving.insert(block);
    } else {
      kept.push_back(block);
    }
  }
  if (MoveOut(store, moving, uses, stop)) {
    useless.insert(useless.end(), moving.begin(), moving.end());
  }
  for (std::size_t begin = 0; begin < useless.size(); begin += kBlocksAtOnce) {
    if (stop.stop_requested()) return;
    const std::span<const std::int64_t> some =
        std::span(useless).subspan(begin, std::min(kBlocksAtOnce, useless.size() - begin));
    store.write([&](Database& database) { DeletePayloads(database, some); });
  }
  if (kept.empty()) return;
  store.write([&](Database& database) {
    // A removal since then may have noted them again, which leaves no trace in their rows.
    if (ReadState(database).repaired != removed) return;
    for (const std::int64_t block : kept) {
      database.Run("DELETE FROM loose_payloads WHERE id = ? AND NOT gone", block);
    }
  });
}

std::int64_t GiveBackPages(Database& database, std::int64_t pages) {
  database.Script(("PRAGMA incremental_vacuum(" + std::to_string(pages) + ")").c_str());
  return database.Number("PRAGMA freelist_count");
}

std::int64_t UsedBytes(Database& database) {
  return (database.Number("PRAGMA page_count") - database.Number("PRAGMA freelist_count")) *
         database.Number("PRAGMA page_size");
}

}  // namespace halo
