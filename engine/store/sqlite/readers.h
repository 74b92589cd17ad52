// SPDX-License-Identifier: MIT
// A pool of read-only connections, one for each thread that needs one. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/page_checks.h"

namespace halo {

class ReaderPool {
 public:
  ReaderPool(std::string path, int busy_ms, DamageLog& damage)
      : path_(std::move(path)), busy_ms_(busy_ms), damage_(damage) {}

  // Returns to the pool when destroyed.
  class Handle {
   public:
    Handle(ReaderPool& home, std::unique_ptr<Database> database)
        : home_(home), database_(std::move(database)) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
      const std::lock_guard lock(home_.mutex_);
      home_.idle_.push_back(std::move(database_));
    }
    Database& operator*() { return *database_; }
    Database* operator->() { return database_.get(); }

   private:
    ReaderPool& home_;
    std::unique_ptr<Database> database_;
  };

  Handle Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<Database> database = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(database)};
      }
    }
    // Reading a write-ahead log requires a connection that may write its index.
    auto database = std::make_unique<Database>(path_, SQLITE_OPEN_READWRITE, busy_ms_);
    WatchPages(database->handle(), damage_, OnBadPage::kReadOn);
    database->Script("PRAGMA query_only = 1; PRAGMA cache_size = -8192;");
    return {*this, std::move(database)};
  }

 private:
  const std::string path_;
  const int busy_ms_;
  DamageLog& damage_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace halo
