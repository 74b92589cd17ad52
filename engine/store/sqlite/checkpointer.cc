// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <exception>
#include <system_error>
#include <utility>

#include "engine/store/sqlite/database.h"

namespace halo {
namespace {

// Pages in the log at which it is emptied, and at which the checkpoint waits a while for readers,
// since the log can only start over when nobody reads from it.
constexpr int kEnoughPages = 1024;
constexpr int kTooManyPages = 8192;
constexpr int kWaitForReadersMs = 200;

// A failed checkpoint only leaves the log longer: the next one does its work, and a full disk is
// reported by the commit that meets it.
void Checkpoint(Database& database, int mode) {
  sqlite3_wal_checkpoint_v2(database.handle(), nullptr, mode, nullptr, nullptr);
}

// The log is emptied only by a checkpoint that moves all of it.
void SyncFile(Database& database) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file && file->pMethods) file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

}  // namespace

Checkpointer::Checkpointer(std::string path, Alone alone)
    : path_(std::move(path)), alone_(std::move(alone)) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::ShrinkFile() {
  Database database(path_, SQLITE_OPEN_READWRITE, kWaitForReadersMs);
  database.Script("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;");
  Checkpoint(database, SQLITE_CHECKPOINT_PASSIVE);
  alone_([&] { Checkpoint(database, SQLITE_CHECKPOINT_TRUNCATE); });
}

void Checkpointer::Tend(int log_pages) noexcept {
  if (log_pages < kEnoughPages) return;
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) {
    try {
      thread_ = std::thread([this] { Work(); });
    } catch (const std::system_error&) {
      return;  // no thread available: the next commit tries again
    }
  }
  log_pages_ = log_pages;
  wake_.notify_one();
}

void Checkpointer::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return closing_ || log_pages_ > 0; });
    if (closing_) return;
    const int log_pages = log_pages_;
    lock.unlock();
    try {
      Move(log_pages);
    } catch (const std::exception&) {
      // No connection or no write lease: see Checkpoint.
    }
    lock.lock();
    log_pages_ = 0;  // Move included all commits before its end
  }
}

void Checkpointer::Move(int log_pages) {
  Database database(path_, SQLITE_OPEN_READWRITE, kWaitForReadersMs);
  database.Script("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;");
  Checkpoint(database, SQLITE_CHECKPOINT_PASSIVE);
  SyncFile(database);
  // Moves the pages that were added meanwhile: the fewer remain, the shorter writers wait.
  Checkpoint(database, SQLITE_CHECKPOINT_PASSIVE);
  alone_([&] {
    Checkpoint(database,
               log_pages < kTooManyPages ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART);
  });
}

}  // namespace halo
