// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/appender.h"

#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <deque>
#include <map>

#include "engine/codec/block_codec.h"
#include "engine/codec/facts_codec.h"
#include "engine/codec/span_codec.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/trace_rows.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {
namespace {

constexpr std::int64_t kSegmentFanout = 16;

[[noreturn]] void Refuse(const char* why) { throw StoreException{{Code::kInvalidArgument, why}}; }

// A segment that is about to be written, with the versions of its spans.
struct Piece {
  std::string_view
      facts;  // a table of its own; if empty, the segment is rows of a table of the batch
  std::size_t table = 0, first_row = 0;
  std::int64_t spans = 0;
  std::int64_t payload_base = 0;
  std::vector<SpanVersion> versions;
};

// State shared by the batches of a transaction.
struct Appending {
  Appending(Database& of, KnownVersions& known)
      : database(of),
        versions(known),
        state(ReadState(of)),
        generation(state.sequence + 1),
        summaries(of, state, generation) {}

  Database& database;
  KnownVersions& versions;
  State state;
  const std::int64_t generation;
  SummaryLog summaries;
  AppendReceipt receipt;
  std::int64_t next_trace = 0;  // 0: not read yet
  int any_removed = -1;         // whether any trace was ever removed; -1: not read yet
  std::unordered_set<std::int64_t> grown;
};

class Appender {
 public:
  Appender(Appending& all, const Batch& batch)
      : all_(all),
        database_(all.database),
        batch_(batch),
        state_(all.state),
        generation_(all.generation),
        tables_(batch.facts.size()),
        facts_(database_, state_, batch.facts) {}

  void Run() {
    if (batch_.source) source_ = PutSource(*batch_.source);
    const std::int64_t payload_base = state_.next_payload;
    for (const Segment& segment : batch_.segments) {
      if (segment.versions.size() != static_cast<std::size_t>(segment.span_count)) {
        Refuse("a segment must list one version for each of its spans");
      }
      if (static_cast<std::size_t>(segment.table) >= batch_.facts.size() || segment.first_row < 0) {
        Refuse("a segment must name a table of the batch and a row of it");
      }
      if (segment.span_count > 0) PutSegment(segment, payload_base);
    }
    PutPayloads(payload_base);
    PutRejects();
    facts_.Finish();
  }

 private:
  std::int64_t PutSource(const SourcePosition& source) {
    const auto bits = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    std::int64_t id = 0;
    bool was_complete = false;
    {
      Query row = database_.Ask("SELECT id, complete FROM sources WHERE key = ?", source.key);
      if (row.Step()) {
        id = row.Int(0);
        was_complete = row.Int(1) != 0;
      }
    }
    if (id == 0) id = database_.Number("SELECT 1 + coalesce(max(id), 0) FROM sources");
    if (was_complete != source.complete) state_.sources_changed = generation_;
    database_.Run(
        "INSERT OR REPLACE INTO sources (id, key, position, size, mtime_ns, head_hash, tail_hash, "
        "resumable, complete) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, source.key, bits(source.offset), bits(source.size), source.mtime_ns,
        bits(source.head_hash), bits(source.tail_hash), std::int64_t{source.resumable},
        std::int64_t{source.complete});
    if (source.clear_rejects_from != UINT64_MAX) {
      database_.Run("DELETE FROM rejects WHERE source = ? AND position >= ?", id,
                    bits(source.clear_rejects_from));
    }
    return id;
  }

  // The set of sources with this batch's source added.
  std::int64_t SetWithSource(std::int64_t set) {
    const auto known = sets_.find(set);
    if (known != sets_.end()) return known->second;
    std::vector<std::int64_t> members = {source_};
    if (set != 0) {
      Query row = database_.Ask("SELECT members FROM source_sets WHERE id = ?", set);
      if (row.Step()) {
        for (const std::int64_t member : ParseMembers(row.Bytes(0))) members.push_back(member);
      }
    }
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    std::string text;
    for (const std::int64_t member : members) {
      text.append(text.empty() ? "" : ",").append(std::to_string(member));
    }
    database_.Run("INSERT OR IGNORE INTO source_sets (members) VALUES (?)", text);
    if (database_.changes() > 0) state_.sources_changed = generation_;
    const std::int64_t id = database_.Number("SELECT id FROM source_sets WHERE members = ?", text);
    sets_[set] = id;
    return id;
  }

  void PutSegment(const Segment& segment, std::int64_t payload_base) {
    const KnownTrace trace = FindTrace(database_, segment.key);
    if (trace.id == 0 && WasRemoved(segment.key)) {
      all_.receipt.removed_spans += segment.span_count;
      some_dropped_ = true;
      return;
    }
    std::vector<SpanVersion> versions(segment.versions.begin(), segment.versions.end());

    std::vector<bool> keep(versions.size(), true);
    std::size_t kept = versions.size();
    const auto drop = [&](std::size_t i) {
      keep[i] = false;
      --kept;
    };
    if (trace.id != 0) {
      KnownVersions::Set& known = all_.versions.Of(database_, trace.id, trace.generation);
      for (std::size_t i = 0; i < versions.size(); ++i) {
        if (!known.insert(versions[i]).second) drop(i);
      }
    } else if (HasRepeats(versions)) {
      KnownVersions::Set seen;
      for (std::size_t i = 0; i < versions.size(); ++i) {
        if (!seen.insert(versions[i]).second) drop(i);
      }
    }
    all_.receipt.repeated_spans += static_cast<std::int64_t>(versions.size() - kept);
    all_.receipt.new_spans += static_cast<std::int64_t>(kept);
    if (kept == 0) {
      some_dropped_ = true;
      return;
    }

    Piece piece;
    piece.table = static_cast<std::size_t>(segment.table);
    piece.first_row = static_cast<std::size_t>(segment.first_row);
    piece.spans = segment.span_count;
    piece.payload_base = payload_base;
    piece.versions = std::move(versions);
    const bool whole = kept == keep.size();
    if (!whole) Filter(keep, piece);
    kept_.push_back({piece.facts, piece.table, piece.first_row, piece.spans, 0, {}});
    if (trace.id == 0) {
      PutNewTrace(segment, piece, whole);
    } else {
      GrowTrace(trace, segment.key, piece);
    }
  }

  bool WasRemoved(const TraceKey& key) {
    if (all_.any_removed < 0) {
      all_.any_removed = database_.Number("SELECT EXISTS (SELECT 1 FROM removed_traces)") != 0;
    }
    return all_.any_removed != 0 &&
           database_.Number("SELECT EXISTS (SELECT 1 FROM removed_traces WHERE key = ?)",
                            static_cast<std::int64_t>(TraceKeyHash(key))) != 0;
  }

  static bool HasRepeats(std::vector<SpanVersion> versions) {
    std::sort(versions.begin(), versions.end());
    return std::adjacent_find(versions.begin(), versions.end()) != versions.end();
  }

  void Filter(const std::vector<bool>& keep, Piece& piece) {
    some_dropped_ = true;
    StringPool words;
    std::vector<SpanFacts> spans;
    Decode(piece, 0, words, spans);
    std::vector<SpanFacts> kept;
    std::vector<SpanVersion> versions;
    for (std::size_t i = 0; i < keep.size(); ++i) {
      if (!keep[i]) continue;
      kept.push_back(spans[i]);
      versions.push_back(piece.versions[i]);
    }
    piece.facts = made_.emplace_back(EncodeFacts(kept, words));
    piece.spans = static_cast<std::int64_t>(kept.size());
    piece.versions = std::move(versions);
  }

  void Decode(const Piece& piece, std::int64_t payload_base, StringPool& words,
              std::vector<SpanFacts>& out) {
    if (!piece.facts.empty())
      return ValueOrThrow(DecodeFacts(piece.facts, payload_base, words, out));
    std::string& table = tables_[piece.table];
    if (table.empty()) table = ValueOrThrow(DecompressBlock(batch_.facts[piece.table]));
    ValueOrThrow(DecodeFacts(table, {piece.first_row, static_cast<std::size_t>(piece.spans)},
                             payload_base, words, out));
  }

  void PutNewTrace(const Segment& segment, const Piece& piece, bool whole) {
    const std::int64_t id = NextTraceId();
    const std::int64_t set = SetWithSource(0);
    std::int64_t summary = 0;
    if (whole && segment.summary) {
      summary = all_.summaries.Add(*segment.summary, {id, batch_.arrived_ns, set});
    }
    const std::int64_t analysed = summary != 0 ? piece.spans : 0;
    database_.Run(
        "INSERT INTO traces (id, trace_id, project, checksum, generation, summary, stale, spans, "
        "analysed_spans, segments, arrived_ns, source, source_set) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)",
        id, segment.key.trace_id, segment.key.project, TraceChecksum(id, segment.key), generation_,
        summary, std::int64_t{summary == 0}, piece.spans, analysed, batch_.arrived_ns, source_,
        set);
    PutPiece(id, 1, piece);
    ++all_.receipt.new_traces;
    all_.receipt.created.push_back(TraceKeyHash(segment.key));
  }

  void GrowTrace(const KnownTrace& trace, const TraceKey& key, Piece& piece) {
    const std::int64_t new_spans = piece.spans;
    const std::int64_t number =
        1 + database_.Number("SELECT max(number) FROM segments WHERE trace = ?", trace.id);
    std::int64_t merged = 0;
    if (trace.segments + 1 >= kSegmentFanout)
      UnlessDamaged([&] { merged = Compact(trace.id, piece); });
    PutPiece(trace.id, number, piece);
    database_.Run(
        "UPDATE traces SET generation = ?, stale = 1, spans = spans + ?, segments = segments + ?, "
        "arrived_ns = max(arrived_ns, ?), source = ?, source_set = ? WHERE id = ?",
        generation_, new_spans, 1 - merged, batch_.arrived_ns, source_,
        SetWithSource(trace.source_set), trace.id);
    all_.versions.Advance(trace.id, generation_);
    if (!all_.grown.insert(trace.id).second) return;
    ++all_.receipt.grown_traces;
    all_.receipt.grown.push_back(TraceKeyHash(key));
  }

  // Merges the newest small segments into `piece`, so that a trace that grows span by span stays
  // fast to read. Returns how many segments it merged.
  std::int64_t Compact(std::int64_t trace, Piece& piece) {
    std::vector<SegmentRow> rows;
    std::vector<std::int64_t> sizes = {piece.spans};
    {
      Query query = database_.Ask(
          "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
          "checksum FROM segments WHERE trace = ? ORDER BY number DESC LIMIT 64",
          trace);
      while (query.Step()) {
        rows.push_back(CheckedSegment(query));
        sizes.push_back(rows.back().spans);
      }
    }
    const std::size_t pieces = PickCompaction(sizes, kSegmentFanout);
    if (pieces < 2) return 0;
    rows.resize(pieces - 1);
    // A segment of this batch is not in a block yet.
    for (const SegmentRow& row : rows) {
      if (facts_.IsNew(row.facts)) return 0;
    }
    std::reverse(rows.begin(), rows.end());

    Piece all;
    StringPool words;
    std::vector<SpanFacts> spans;
    for (const SegmentRow& row : rows) {
      const std::string block = LoadFacts(database_, row.facts);
      ValueOrThrow(DecodeSegment(block, row, words, spans));
    }
    for (const SegmentRow& row : rows) {
      Query versions = database_.Ask("SELECT versions FROM segments WHERE trace = ? AND number = ?",
                                     trace, row.number);
      versions.Step();
      UnpackVersions(versions.Bytes(0), all.versions);
      facts_.Release(row.facts);
      all.spans += row.spans;
    }
    Decode(piece, piece.payload_base, words, spans);
    all.facts = made_.emplace_back(EncodeFacts(spans, words));
    all.spans += piece.spans;
    all.versions.insert(all.versions.end(), piece.versions.begin(), piece.versions.end());
    database_.Run("DELETE FROM segments WHERE trace = ? AND number >= ?", trace,
                  rows.front().number);
    piece = std::move(all);
    return static_cast<std::int64_t>(rows.size());
  }

  std::int64_t NextTraceId() {
    if (all_.next_trace == 0) {
      all_.next_trace = 1 + database_.Number("SELECT coalesce(max(id), 0) FROM traces");
    }
    return all_.next_trace++;
  }

  void PutPiece(std::int64_t trace, std::int64_t number, const Piece& piece) {
    const FactsLog::Place place =
        piece.facts.empty()
            ? facts_.AddRows(piece.table, static_cast<std::int64_t>(piece.first_row))
            : facts_.Add(piece.facts);
    PutSegmentRow(
        database_, trace,
        {number, piece.spans, piece.payload_base, place.block, place.offset, place.length},
        piece.versions);
  }

  // Leaves out blocks whose spans were all known already.
  void PutPayloads(std::int64_t base) {
    std::vector<bool> used(batch_.payloads.size(), !some_dropped_);
    if (some_dropped_) {
      StringPool words;
      std::vector<SpanFacts> spans;
      for (const Piece& piece : kept_) Decode(piece, 0, words, spans);
      for (const SpanFacts& span : spans) {
        const std::int64_t block = span.payload.block;
        if (block >= 0 && block < static_cast<std::int64_t>(used.size())) {
          used[static_cast<std::size_t>(block)] = true;
        }
      }
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i]) continue;
      PutPayload(database_, state_, base + static_cast<std::int64_t>(i), batch_.payloads[i]);
    }
    state_.next_payload += static_cast<std::int64_t>(used.size());
  }

  // A reject with a source counts once however often it is read; without one, each counts.
  void PutRejects() {
    for (const Reject& reject : batch_.rejects) {
      database_.Run(
          "INSERT INTO rejects (source, position, reason, detail, count) VALUES (?, ?, ?, ?, 1) "
          "ON CONFLICT DO UPDATE SET count = count + (source = 0)",
          source_, static_cast<std::int64_t>(reject.offset), reject.reason, reject.detail);
    }
  }

  Appending& all_;
  Database& database_;
  const Batch& batch_;
  State& state_;
  const std::int64_t generation_;
  std::vector<std::string> tables_;  // of the batch, decompressed on first use
  FactsLog facts_;
  std::int64_t source_ = 0;
  bool some_dropped_ = false;
  std::map<std::int64_t, std::int64_t> sets_;
  std::vector<Piece> kept_;  // without their versions
  std::deque<std::string> made_;
};

}  // namespace

std::uint64_t TraceKeyHash(const TraceKey& key) {
  return XXH3_64bits_withSeed(key.trace_id.data(), key.trace_id.size(),
                              XXH3_64bits(key.project.data(), key.project.size()));
}

std::vector<std::int64_t> ParseMembers(std::string_view text) {
  std::vector<std::int64_t> members;
  std::int64_t member = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const auto [next, error] = std::from_chars(at, end, member);
    if (error != std::errc()) break;
    members.push_back(member);
    at = next == end ? end : next + 1;
  }
  return members;
}

AppendReceipt AppendBatches(Database& database, KnownVersions& versions,
                            std::span<const Batch> batches) {
  Appending all(database, versions);
  for (const Batch& batch : batches) Appender(all, batch).Run();
  all.summaries.Finish();
  all.state.spans += all.receipt.new_spans;
  all.state.traces += all.receipt.new_traces;
  WriteState(database, all.state);
  return all.receipt;
}

std::string LoadFacts(Database& database, std::int64_t block) {
  Query row = database.Ask("SELECT checksum, bytes FROM facts WHERE id = ?", block);
  if (!row.Step()) throw DamagedPart(StoredPart::kFacts, block, "is missing");
  return ValueOrThrow(DecompressBlock(CheckedBlock(row, StoredPart::kFacts, block, 0)));
}

std::string LoadPayload(Database& database, std::int64_t block) {
  Query row = database.Ask("SELECT checksum, bytes FROM payloads WHERE id = ?", block);
  if (!row.Step()) {
    if (database.Number("SELECT gone FROM loose_payloads WHERE id = ?", block) != 0) {
      throw StoreException{
          {Code::kUnavailable, "the trace was pruned or moved while it was read; ask again"}};
    }
    throw DamagedPart(StoredPart::kPayload, block, "is missing");
  }
  return ValueOrThrow(DecompressBlock(CheckedBlock(row, StoredPart::kPayload, block, 0)));
}

Result<StoredFacts> FactsIn(std::string_view block, const SegmentRow& row) {
  if (row.facts_length == 0) {
    if (row.facts_offset < 0 || row.spans < 0) {
      return Error{Code::kCorrupt, "stored facts are outside their table"};
    }
    return StoredFacts{block, RowRange{static_cast<std::size_t>(row.facts_offset),
                                       static_cast<std::size_t>(row.spans)}};
  }
  const auto size = static_cast<std::int64_t>(block.size());
  if (row.facts_offset < 0 || row.facts_offset > size || row.facts_length < 0 ||
      row.facts_length > size - row.facts_offset) {
    return Error{Code::kCorrupt, "stored facts are outside their block"};
  }
  return StoredFacts{block.substr(static_cast<std::size_t>(row.facts_offset),
                                  static_cast<std::size_t>(row.facts_length)),
                     std::nullopt};
}

Result<void> DecodeSegment(std::string_view block, const SegmentRow& row, StringPool& words,
                           std::vector<SpanFacts>& out) {
  const Result<StoredFacts> facts = FactsIn(block, row);
  if (!facts) return facts.error();
  if (!facts->rows) return DecodeFacts(facts->table, row.payload_base, words, out);
  return DecodeFacts(facts->table, *facts->rows, row.payload_base, words, out);
}

}  // namespace halo
