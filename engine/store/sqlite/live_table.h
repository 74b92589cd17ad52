// SPDX-License-Identifier: MIT
// The summary table of a store, brought up to date before each question. Thread-safe.
#pragma once

#include <mutex>
#include <shared_mutex>
#include <utility>

#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/readers.h"
#include "engine/store/sqlite/write_log.h"
#include "engine/summaries/summary_table.h"

namespace halo {

class LiveTable {
 public:
  using Timings = SummaryTable::Timings;

  // `readers` and `damage` must outlive the table. Damaged blocks are recorded and skipped.
  LiveTable(ReaderPool& readers, DamageLog& damage) : readers_(readers), damage_(damage) {}

  // Reads the changes since the last call. Throws like the other reads of the store.
  void Refresh(Timings timings);

  // Calls verb(table) while no refresh changes the table.
  template <class Verb>
  auto View(Verb&& verb) {
    const std::shared_lock lock(table_mutex_);
    return std::forward<Verb>(verb)(std::as_const(table_));
  }

 private:
  void Update(Database& db, const State& from, const State& to, SummaryTable& table);

  ReaderPool& readers_;
  DamageLog& damage_;
  std::mutex refresh_mutex_;
  State seen_;  // the store's state that the table reflects; guarded by refresh_mutex_
  std::shared_mutex table_mutex_;
  SummaryTable table_;
};

}  // namespace halo
