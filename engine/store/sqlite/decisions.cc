// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/decisions.h"

#include "engine/store/sqlite/write_log.h"

namespace halo {
namespace {

// Whether the label says what already counts: it repeats the last one, or takes back none.
bool SaysNothingNew(Database& database, const Label& label) {
  Query last = database.Ask(
      "SELECT outcome, who, why, project FROM labels "
      "WHERE trace_id = ?1 AND (project IN (?2, '') OR ?2 = '') ORDER BY id DESC LIMIT 1",
      label.key.trace_id, label.key.project);
  const Outcome before = last.Step() ? static_cast<Outcome>(last.Int(0)) : Outcome::kUnknown;
  if (label.outcome == Outcome::kUnknown) return before == Outcome::kUnknown;
  return before == label.outcome && last.Bytes(1) == label.who && last.Bytes(2) == label.why &&
         last.Bytes(3) == label.key.project;
}

}  // namespace

std::int64_t WriteLabels(Database& database, std::span<const Label> labels) {
  State state = ReadState(database);
  state.labels_changed = ++state.sequence;
  std::int64_t known = 0;
  for (const Label& label : labels) {
    if (!SaysNothingNew(database, label)) {
      database.Run(
          "INSERT INTO labels (trace_id, project, outcome, who, why, at_ns) "
          "VALUES (?, ?, ?, ?, ?, ?)",
          label.key.trace_id, label.key.project, static_cast<std::int64_t>(label.outcome),
          label.who, label.why, label.at_ns);
    }
    known += database.Number(
        "SELECT EXISTS (SELECT 1 FROM traces WHERE trace_id = ?1 AND (project = ?2 OR ?2 = ''))",
        label.key.trace_id, label.key.project);
  }
  WriteState(database, state);
  return known;
}

void WriteTriage(Database& database, const Triage& triage) {
  State state = ReadState(database);
  ++state.sequence;
  WriteState(database, state);
  database.Run(
      "INSERT OR REPLACE INTO triages (mode, status, reason, decided_ns, expires_ns) "
      "VALUES (?, ?, ?, ?, ?)",
      static_cast<std::int64_t>(triage.mode), static_cast<std::int64_t>(triage.status),
      triage.reason, triage.decided_ns, triage.expires_ns);
}

std::vector<Triage> ReadTriages(Database& database) {
  std::vector<Triage> triages;
  Query rows = database.Ask(
      "SELECT mode, status, reason, decided_ns, expires_ns FROM triages ORDER BY mode");
  while (rows.Step()) {
    triages.push_back({static_cast<ModeId>(rows.Int(0)), static_cast<TriageStatus>(rows.Int(1)),
                       rows.Text(2), rows.Int(3), rows.Int(4)});
  }
  return triages;
}

}  // namespace halo
