// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/database.h"

#include <sys/stat.h>

#include <cstring>
#include <utility>

#include "engine/store/sqlite/page_checks.h"

namespace halo {
namespace {

[[noreturn]] void Throw(sqlite3* connection, int code) {
  std::string message = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  const int primary = code & 0xff;
  const bool system =
      primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL;
  const int error = connection && system ? sqlite3_system_errno(connection) : 0;
  if (error != 0) message.append(" (").append(std::strerror(error)).append(")");
  throw SqliteError(code, message);
}

void Check(sqlite3_stmt* statement, int code) {
  if (code != SQLITE_OK) Throw(sqlite3_db_handle(statement), code);
}

}  // namespace

Error ToError(const SqliteError& error) {
  const std::string message = error.what();
  if (error.code() == SQLITE_IOERR_DATA) {
    return {Code::kCorrupt,
            "the store is damaged: a page of its file does not pass its checksum; run `halo-mcp "
            "doctor --repair`, then ingest the same files again"};
  }
  switch (error.code() & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::kUnavailable, "the store is in use by another process; try again: " + message};
    case SQLITE_FULL:
      return {Code::kUnavailable, "the disk of the store is full: " + message};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_IOERR:
      return {Code::kUnavailable, "the store cannot be read or written: " + message};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Code::kCorrupt, "the store is damaged: " + message +
                                  "; run `halo-mcp doctor --repair`, then ingest the same files "
                                  "again"};
    default:
      return {Code::kInternal, "the store failed: " + message};
  }
}

FileIdentity IdentityOf(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

Query::Query(Query&& other) noexcept
    : home_(other.home_), statement_(std::exchange(other.statement_, nullptr)) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  home_->push_back(statement_);
}

bool Query::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Throw(sqlite3_db_handle(statement_), code);
  return false;
}

std::string_view Query::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Query::Bind(int at, std::int64_t value) {
  Check(statement_, sqlite3_bind_int64(statement_, at, value));
}

void Query::Bind(int at, std::string_view text) {
  // An empty view may hold a null pointer, which would bind NULL.
  const char* data = text.empty() ? "" : text.data();
  Check(statement_,
        sqlite3_bind_text64(statement_, at, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Query::Bind(int at, Blob blob) {
  const char* data = blob.bytes.empty() ? "" : blob.bytes.data();
  Check(statement_, sqlite3_bind_blob64(statement_, at, data, blob.bytes.size(), SQLITE_STATIC));
}

Database::Database(const std::string& path, int flags, int busy_ms) : path_(path) {
  const int code =
      sqlite3_open_v2(path.c_str(), &connection_, flags | SQLITE_OPEN_NOMUTEX, CheckedVfs());
  if (code != SQLITE_OK) {
    const SqliteError error(code, connection_ ? sqlite3_errmsg(connection_) : "out of memory");
    sqlite3_close(connection_);
    throw error;
  }
  sqlite3_extended_result_codes(connection_, 1);
  sqlite3_busy_timeout(connection_, busy_ms);
  file_ = IdentityOf(path);
}

Database::~Database() {
  // The last connection to a file unlinks its log by name. If another file has taken over the name,
  // that would be the other file's log.
  const FileIdentity now = IdentityOf(path_);
  if (now.exists() && now != file_) {
    int keep = 1;
    sqlite3_file_control(connection_, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  }
  for (auto& [sql, statements] : idle_) {
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
  }
  sqlite3_close(connection_);
}

Query Database::Prepare(const char* sql) {
  std::vector<sqlite3_stmt*>& idle = idle_[sql];
  if (!idle.empty()) {
    sqlite3_stmt* statement = idle.back();
    idle.pop_back();
    return {idle, statement};
  }
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(connection_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) Throw(connection_, code);
  return {idle, statement};
}

void Database::Script(const char* sql) {
  const int code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) Throw(connection_, code);
}

void Database::SetDurability(Durability durability) {
  if (durability == durability_) return;
  // NORMAL syncs the log only at checkpoints, FULL with every commit.
  Script(durability == Durability::kPowerLoss ? "PRAGMA synchronous = FULL"
                                              : "PRAGMA synchronous = NORMAL");
  durability_ = durability;
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  database.Run(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // A failed statement may already have ended the transaction.
  if (open_ && sqlite3_get_autocommit(database_.handle()) == 0) {
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::Commit() {
  database_.Run("COMMIT");
  open_ = false;
}

}  // namespace halo
