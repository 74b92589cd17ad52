// SPDX-License-Identifier: MIT
// A repair copies the sound parts into a new database and replaces the damaged one with it, in an
// ordinary transaction as seen by other processes. Summaries are not copied: every trace is
// analysed again.
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>

#include "engine/codec/block_codec.h"
#include "engine/model/reject_reasons.h"
#include "engine/model/string_pool.h"
#include "engine/store/sqlite/fix_rows.h"
#include "engine/store/sqlite/page_checks.h"
#include "engine/store/sqlite/schema.h"
#include "engine/store/sqlite/sqlite_store.h"
#include "engine/store/sqlite/store_check.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/writer_lease.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr int kBusyMs = 10'000;
constexpr std::chrono::milliseconds kLeasePatience{60'000};
constexpr std::int64_t kMostNumber = std::int64_t{1} << 48;  // of any counter

// A number of a damaged row may have any value.
std::int64_t Counted(std::int64_t number) {
  return number >= 0 && number < kMostNumber ? number : 0;
}

class Copier {
 public:
  Copier(Database& from, Database& to, const SoundParts& sound, const DamageLog& damage)
      : from_(from), to_(to), sound_(sound), damage_(damage) {}

  void Run() {
    Transaction transaction(to_, Transaction::Kind::kWrite);
    Try([&] { ReadCounters(); });
    Try([&] { CopyPayloads(); });
    Try([&] { CopySegments(); });
    CopyFacts();
    Try([&] { CopyTraces(); });
    Try([&] { CopySources(); });
    Try([&] { CopyDecisions(); });
    CopyFixes(from_, to_, [&](const std::function<void()>& copy) { Try(copy); });
    state_.labels_changed = state_.sources_changed = state_.repaired = ++state_.sequence;
    // The next id follows the largest.
    to_.Run("UPDATE traces SET generation = ?", state_.sequence);
    WriteState(to_, state_);
    transaction.Commit();
  }

 private:
  void Try(const std::function<void()>& copy) {
    try {
      copy();
    } catch (const SqliteError& error) {
      // Rows after the damage are out of reach.
      const int code = error.code() & 0xff;
      if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB && code != SQLITE_ERROR) throw;
    }
  }

  void ReadCounters() {
    const State old = ReadState(from_);
    state_.sequence = Counted(old.sequence);
    state_.next_payload = std::max<std::int64_t>(1, Counted(old.next_payload));
    state_.next_facts = std::max<std::int64_t>(1, Counted(old.next_facts));
  }

  void CopyPayloads() {
    Query rows = from_.Ask("SELECT id, bytes FROM payloads");
    while (rows.Step()) {
      const std::int64_t id = rows.Int(0);
      if (!sound_.payloads.contains(id)) continue;
      PutPayload(to_, state_, id, rows.Bytes(1));
      state_.next_payload = std::max(state_.next_payload, id + 1);
    }
  }

  void CopySegments() {
    if (!sound_.facts.empty()) {
      state_.next_facts = std::max(state_.next_facts, *sound_.facts.rbegin() + 1);
    }
    Query rows = from_.Ask(
        "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
        "checksum FROM segments");
    while (rows.Step()) {
      const std::int64_t trace = rows.Int(0);
      const auto known = sound_.segments.find({trace, rows.Int(1)});
      if (known == sound_.segments.end() || !sound_.traces.contains(trace)) continue;
      SegmentRow row = CheckedSegment(rows);
      std::string versions = rows.Text(7);
      if (!known->second && !LeaveOutLost(row, versions)) continue;
      to_.Run(
          "INSERT INTO segments (trace, number, spans, payload_base, facts, facts_offset, "
          "facts_length, versions, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          trace, row.number, row.spans, row.payload_base, row.facts, row.facts_offset,
          row.facts_length, Blob{versions}, SegmentChecksum(trace, row, versions));
      ++live_[row.facts];
      Kept& kept = kept_[trace];
      ++kept.segments;
      kept.spans += row.spans;
    }
  }

  // Removes spans whose payload is lost, and forgets all their versions, so that they are accepted
  // when they arrive again. Returns false if no span is left.
  bool LeaveOutLost(SegmentRow& row, std::string& packed) {
    StringPool words;
    std::vector<SpanFacts> spans;
    ValueOrThrow(DecodeSegment(LoadFacts(from_, row.facts), row, words, spans));
    std::set<std::uint64_t> lost;
    std::erase_if(spans, [&](const SpanFacts& span) {
      if (sound_.payloads.contains(span.payload.block)) return false;
      const std::string_view id = words[span.span_id];
      lost.insert(SpanVersion({XXH3_64bits(id.data(), id.size()), 0}).id);
      return true;
    });
    if (spans.empty()) return false;
    std::vector<SpanVersion> versions;
    UnpackVersions(packed, versions);
    std::erase_if(versions, [&](const SpanVersion& version) { return lost.contains(version.id); });
    packed = PackVersions(versions);
    const std::string facts = EncodeFacts(spans, words);
    row.payload_base = 0;
    row.spans = static_cast<std::int64_t>(spans.size());
    row.facts = state_.next_facts++;
    row.facts_offset = 0;
    row.facts_length = static_cast<std::int64_t>(facts.size());
    PutFacts(row.facts, 0, CompressBlock(facts));
    return true;
  }

  void PutFacts(std::int64_t id, std::int64_t live, std::string_view block) {
    to_.Run("INSERT INTO facts (id, live, checksum, bytes) VALUES (?, ?, ?, ?)", id, live,
            BlockChecksum(StoredPart::kFacts, id, block), Blob{block});
  }

  void CopyFacts() {
    for (const auto& [block, live] : live_) {
      if (sound_.facts.contains(block)) {
        Query row = from_.Ask("SELECT bytes FROM facts WHERE id = ?", block);
        if (row.Step()) PutFacts(block, live, row.Bytes(0));
      } else {
        to_.Run("UPDATE facts SET live = ? WHERE id = ?", live, block);
      }
    }
  }

  void CopyTraces() {
    Query rows = from_.Ask(
        "SELECT id, trace_id, project, arrived_ns, source, source_set, spans FROM traces");
    while (rows.Step()) {
      const std::int64_t id = rows.Int(0);
      const auto kept = kept_.find(id);
      if (kept == kept_.end() || !sound_.traces.contains(id)) continue;
      const TraceKey key{rows.Text(2), rows.Text(1)};
      to_.Run(
          "INSERT OR IGNORE INTO traces (id, trace_id, project, checksum, generation, summary, "
          "stale, spans, analysed_spans, segments, arrived_ns, source, source_set) "
          "VALUES (?, ?, ?, ?, 0, 0, 1, ?, 0, ?, ?, ?, ?)",
          id, key.trace_id, key.project, TraceChecksum(id, key), kept->second.spans,
          kept->second.segments, rows.Int(3), rows.Int(4), rows.Int(5));
      if (to_.changes() == 0) continue;
      ++state_.traces;
      state_.spans += kept->second.spans;
    }
  }

  // Sources are read again from the start, which restores what is lost and skips what is known.
  void CopySources() {
    std::string lost;
    for (const StoreDamage& damage : damage_.List()) {
      lost.append(lost.empty() ? "" : ", ").append(std::to_string(damage.count)).append(" ");
      lost.append(damage.part);
    }
    Query rows = from_.Ask("SELECT id, key, complete FROM sources");
    while (rows.Step()) {
      to_.Run(
          "INSERT OR IGNORE INTO sources (id, key, position, size, mtime_ns, head_hash, tail_hash, "
          "resumable, complete) VALUES (?, ?, 0, 0, 0, 0, 0, 0, ?)",
          rows.Int(0), rows.Bytes(1), std::int64_t{rows.Int(2) != 0});
      to_.Run("INSERT OR IGNORE INTO rejects VALUES (?, 0, ?, ?, 1)", rows.Int(0), kLostToDamage,
              lost);
    }
  }

  void CopyDecisions() {
    CopyRows("SELECT id, members FROM source_sets", [&](Query& row) {
      to_.Run("INSERT OR IGNORE INTO source_sets VALUES (?, ?)", row.Int(0), row.Bytes(1));
    });
    CopyRows("SELECT source, position, reason, detail, count FROM rejects", [&](Query& row) {
      to_.Run("INSERT OR IGNORE INTO rejects VALUES (?, ?, ?, ?, ?)", row.Int(0), row.Int(1),
              row.Bytes(2), row.Bytes(3), row.Int(4));
    });
    CopyRows("SELECT id, trace_id, project, outcome, who, why, at_ns FROM labels", [&](Query& row) {
      to_.Run("INSERT OR IGNORE INTO labels VALUES (?, ?, ?, ?, ?, ?, ?)", row.Int(0), row.Bytes(1),
              row.Bytes(2), row.Int(3), row.Bytes(4), row.Bytes(5), row.Int(6));
    });
    CopyRows("SELECT key FROM removed_traces", [&](Query& row) {
      to_.Run("INSERT OR IGNORE INTO removed_traces VALUES (?)", row.Int(0));
    });
    CopyRows("SELECT id, gone FROM loose_payloads", [&](Query& row) {
      to_.Run("INSERT OR IGNORE INTO loose_payloads VALUES (?, ?)", row.Int(0), row.Int(1));
    });
    CopyRows("SELECT mode, status, reason, decided_ns, expires_ns FROM triages", [&](Query& row) {
      to_.Run("INSERT OR IGNORE INTO triages VALUES (?, ?, ?, ?, ?)", row.Int(0), row.Int(1),
              row.Bytes(2), row.Int(3), row.Int(4));
    });
    CopyRows("SELECT name, value FROM settings", [&](Query& row) {
      to_.Run("INSERT OR IGNORE INTO settings VALUES (?, ?)", row.Bytes(0), Blob{row.Bytes(1)});
    });
  }

  void CopyRows(const char* sql, const std::function<void(Query&)>& put) {
    Try([&] {
      Query rows = from_.Ask(sql);
      while (rows.Step()) put(rows);
    });
  }

  struct Kept {
    std::int64_t segments = 0, spans = 0;
  };

  Database& from_;
  Database& to_;
  const SoundParts& sound_;
  const DamageLog& damage_;
  State state_{.next_payload = 1, .next_facts = 1};
  std::map<std::int64_t, std::int64_t> live_;  // segments by block of facts
  std::map<std::int64_t, Kept> kept_;
};

void RemoveDatabase(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) unlink((path + suffix).c_str());
}

// Runs in one transaction of the damaged file; others see it as the next state.
bool PutInPlace(Database& repaired, Database& damaged) {
  sqlite3_backup* const backup =
      sqlite3_backup_init(damaged.handle(), "main", repaired.handle(), "main");
  if (backup == nullptr) return false;
  sqlite3_backup_step(backup, -1);
  return sqlite3_backup_finish(backup) == SQLITE_OK;
}

bool IsNew(const std::string& path) {
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(path, missing);
  return missing || size == 0;
}

template <class Verb>
Result<std::vector<StoreDamage>> WithErrors(Verb&& verb) {
  try {
    return verb();
  } catch (const SqliteError& error) {
    return ToError(error);
  } catch (const StoreException& failure) {
    return failure.error;
  } catch (const std::bad_alloc&) {
    return Error{Code::kUnavailable, "out of memory"};
  } catch (const fs::filesystem_error& error) {
    return Error{Code::kUnavailable, std::string("the store cannot be repaired: ") + error.what()};
  }
}

// Refuses to repair another program's database.
Result<void> CheckOurs(Database& database, const std::string& path, const DamageLog& damage) {
  try {
    const Result<void> ours = CheckSchema(database, path);
    if (!ours && !damage.any()) return ours.error();
  } catch (const SqliteError& error) {
    const int code = error.code() & 0xff;
    if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB && code != SQLITE_ERROR) throw;
  }
  return {};
}

}  // namespace

Result<std::vector<StoreDamage>> VerifySqliteStore(const std::string& path) {
  return WithErrors([&]() -> Result<std::vector<StoreDamage>> {
    DamageLog damage;
    if (IsNew(path)) return damage.List();
    Database database(path, SQLITE_OPEN_READWRITE, kBusyMs);
    WatchPages(database.handle(), damage, OnBadPage::kReadOn);
    ValueOrThrow(CheckOurs(database, path, damage));
    CheckStore(database, damage);
    return damage.List();
  });
}

Result<std::vector<StoreDamage>> RepairSqliteStore(const std::string& path) {
  return WithErrors([&]() -> Result<std::vector<StoreDamage>> {
    DamageLog damage;
    if (IsNew(path)) return damage.List();
    const WriterLease lease = ValueOrThrow(WriterLease::Take(path + "-lease", kLeasePatience));
    const std::string made_path = path + "-repair";
    {
      Database damaged(path, SQLITE_OPEN_READWRITE, kBusyMs);
      WatchPages(damaged.handle(), damage, OnBadPage::kReadOn);
      ValueOrThrow(CheckOurs(damaged, path, damage));
      const SoundParts sound = CheckStore(damaged, damage);
      if (!damage.any()) return damage.List();

      RemoveDatabase(made_path);
      const int file = open(made_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      if (file >= 0) close(file);
      Database made(made_path, SQLITE_OPEN_READWRITE, kBusyMs);
      MakeTables(made);
      Copier(damaged, made, sound, damage).Run();
      if (PutInPlace(made, damaged)) {
        RemoveDatabase(made_path);
        return damage.List();
      }
    }
    // SQLite cannot even overwrite it, so it is moved aside for inspection.
    for (const char* suffix : {"-wal", "-shm"}) unlink((path + suffix).c_str());
    fs::rename(path, path + ".damaged");
    fs::rename(made_path, path);
    return damage.List();
  });
}

}  // namespace halo
