// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/fix_rows.h"

#include <map>
#include <string>

#include "engine/store/sqlite/write_log.h"

namespace halo {
namespace {

std::int64_t Number(std::size_t position) { return static_cast<std::int64_t>(position); }

void WriteModes(Database& database, const Fix& fix, std::size_t target, bool is_effect,
                const std::vector<ModeId>& modes) {
  for (std::size_t i = 0; i < modes.size(); ++i) {
    database.Run("INSERT INTO fix_modes VALUES (?, ?, ?, ?, ?)", fix.id, Number(target),
                 static_cast<std::int64_t>(is_effect), Number(i),
                 static_cast<std::int64_t>(modes[i]));
  }
}

}  // namespace

bool WriteFix(Database& database, const Fix& fix) {
  Query known = database.Ask("SELECT 1 FROM fixes WHERE id = ?", fix.id);
  if (known.Step()) return false;
  State state = ReadState(database);
  ++state.sequence;
  WriteState(database, state);
  database.Run(
      "INSERT INTO fixes (id, summary, source_commit, who, recorded_ns, since_ns, seed, "
      "drawn_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      fix.id, fix.summary, fix.commit, fix.who, fix.recorded_ns, fix.boundary.since_ns,
      static_cast<std::int64_t>(fix.draw.seed), fix.draw.drawn_from);
  for (std::size_t i = 0; i < fix.targets.size(); ++i) {
    const FixTarget& target = fix.targets[i];
    database.Run("INSERT INTO fix_targets VALUES (?, ?, ?, ?, ?, ?)", fix.id, Number(i),
                 static_cast<std::int64_t>(target.entry), target.picked_from, target.eligible,
                 target.affected);
    WriteModes(database, fix, i, false, target.modes);
    WriteModes(database, fix, i, true, target.effects);
  }
  for (std::size_t i = 0; i < fix.boundary.conditions.size(); ++i) {
    const auto& [name, value] = fix.boundary.conditions[i];
    database.Run("INSERT INTO fix_conditions VALUES (?, ?, ?, ?)", fix.id, Number(i), name, value);
  }
  for (std::size_t i = 0; i < fix.draw.tasks.size(); ++i) {
    database.Run("INSERT INTO fix_tasks VALUES (?, ?, ?)", fix.id, Number(i), fix.draw.tasks[i]);
  }
  return true;
}

std::vector<Fix> ReadFixes(Database& database) {
  std::vector<Fix> fixes;
  std::map<std::string, std::size_t> place;
  Query rows = database.Ask(
      "SELECT id, summary, source_commit, who, recorded_ns, since_ns, seed, drawn_from FROM fixes "
      "ORDER BY number");
  while (rows.Step()) {
    Fix fix{rows.Text(0), {}, rows.Text(1), rows.Text(2), rows.Text(3), rows.Int(4), {}, {}};
    fix.boundary.since_ns = rows.Int(5);
    fix.draw.seed = static_cast<std::uint64_t>(rows.Int(6));
    fix.draw.drawn_from = rows.Int(7);
    place[fix.id] = fixes.size();
    fixes.push_back(std::move(fix));
  }
  const auto with = [&](const char* sql, const auto& put) {
    Query row = database.Ask(sql);
    while (row.Step()) {
      if (const auto found = place.find(row.Text(0)); found != place.end()) {
        put(row, fixes[found->second]);
      }
    }
  };
  with("SELECT fix, entry, picked_from, eligible, affected FROM fix_targets ORDER BY fix, target",
       [](Query& row, Fix& fix) {
         fix.targets.push_back(
             {static_cast<ModeId>(row.Int(1)), {}, {}, row.Int(2), row.Int(3), row.Int(4)});
       });
  with(
      "SELECT fix, target, is_effect, mode FROM fix_modes ORDER BY fix, target, is_effect, "
      "position",
      [](Query& row, Fix& fix) {
        const auto target = static_cast<std::size_t>(row.Int(1));
        if (target >= fix.targets.size()) return;  // of damaged data
        FixTarget& one = fix.targets[target];
        (row.Int(2) != 0 ? one.effects : one.modes).push_back(static_cast<ModeId>(row.Int(3)));
      });
  with(
      "SELECT fix, name, value FROM fix_conditions ORDER BY fix, position",
      [](Query& row, Fix& fix) { fix.boundary.conditions.emplace_back(row.Text(1), row.Text(2)); });
  with("SELECT fix, task FROM fix_tasks ORDER BY fix, position",
       [](Query& row, Fix& fix) { fix.draw.tasks.push_back(row.Text(1)); });
  return fixes;
}

void WriteEnteredRuns(Database& database, std::string_view fix, std::size_t target,
                      std::span<const std::uint64_t> runs) {
  for (const std::uint64_t run : runs) {
    database.Run("INSERT OR IGNORE INTO fix_runs VALUES (?, ?, ?)", fix, Number(target),
                 static_cast<std::int64_t>(run));
  }
}

std::vector<std::set<std::uint64_t>> ReadEnteredRuns(Database& database, std::string_view fix) {
  std::vector<std::set<std::uint64_t>> targets;
  Query rows = database.Ask("SELECT target, run FROM fix_runs WHERE fix = ?", fix);
  while (rows.Step()) {
    const auto target = static_cast<std::size_t>(rows.Int(0));
    if (target >= kMaxFixTargets) continue;  // of damaged data
    if (target >= targets.size()) targets.resize(target + 1);
    targets[target].insert(static_cast<std::uint64_t>(rows.Int(1)));
  }
  return targets;
}

void CopyFixes(Database& from, Database& to,
               const std::function<void(const std::function<void()>&)>& attempt) {
  const auto copy = [&](const char* select, const auto& put) {
    attempt([&] {
      Query rows = from.Ask(select);
      while (rows.Step()) put(rows);
    });
  };
  copy(
      "SELECT number, id, summary, source_commit, who, recorded_ns, since_ns, seed, drawn_from "
      "FROM fixes",
      [&](Query& row) {
        to.Run("INSERT OR IGNORE INTO fixes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row.Int(0),
               row.Bytes(1), row.Bytes(2), row.Bytes(3), row.Bytes(4), row.Int(5), row.Int(6),
               row.Int(7), row.Int(8));
      });
  copy("SELECT fix, target, entry, picked_from, eligible, affected FROM fix_targets",
       [&](Query& row) {
         to.Run("INSERT OR IGNORE INTO fix_targets VALUES (?, ?, ?, ?, ?, ?)", row.Bytes(0),
                row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5));
       });
  copy("SELECT fix, target, is_effect, position, mode FROM fix_modes", [&](Query& row) {
    to.Run("INSERT OR IGNORE INTO fix_modes VALUES (?, ?, ?, ?, ?)", row.Bytes(0), row.Int(1),
           row.Int(2), row.Int(3), row.Int(4));
  });
  copy("SELECT fix, position, name, value FROM fix_conditions", [&](Query& row) {
    to.Run("INSERT OR IGNORE INTO fix_conditions VALUES (?, ?, ?, ?)", row.Bytes(0), row.Int(1),
           row.Bytes(2), row.Bytes(3));
  });
  copy("SELECT fix, position, task FROM fix_tasks", [&](Query& row) {
    to.Run("INSERT OR IGNORE INTO fix_tasks VALUES (?, ?, ?)", row.Bytes(0), row.Int(1),
           row.Bytes(2));
  });
  copy("SELECT fix, target, run FROM fix_runs", [&](Query& row) {
    to.Run("INSERT OR IGNORE INTO fix_runs VALUES (?, ?, ?)", row.Bytes(0), row.Int(1), row.Int(2));
  });
}

}  // namespace halo
