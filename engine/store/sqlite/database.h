// SPDX-License-Identifier: MIT
// A thin wrapper of the sqlite3 C interface: connections, statements, values. Inside this folder
// failures are thrown as SqliteError; guard.h turns them into Error at each verb of the store.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/kind.h"
#include "engine/store/store.h"

namespace halo {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

// Converts a failure to the Error that callers of the store get.
Error ToError(const SqliteError& error);

// The identity of the file at a path. A missing file has inode 0.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
  bool operator==(const FileIdentity&) const = default;
  bool exists() const { return inode != 0; }
};
FileIdentity IdentityOf(const std::string& path);

// A BLOB value. The bytes must outlive the statement.
struct Blob {
  std::string_view bytes;
};

// A prepared statement with bound values. Returns to its connection when destroyed.
class Query {
 public:
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  // Moves to the next row. Returns false after the last one.
  bool Step();

  // Columns of the row. Views are valid until the next Step.
  std::int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view Bytes(int column) const;
  std::string Text(int column) const { return std::string(Bytes(column)); }

 private:
  friend class Database;
  Query(std::vector<sqlite3_stmt*>& home, sqlite3_stmt* statement)
      : home_(&home), statement_(statement) {}
  void Bind(int at, std::int64_t value);
  void Bind(int at, std::string_view text);
  void Bind(int at, Blob blob);

  std::vector<sqlite3_stmt*>* home_;
  sqlite3_stmt* statement_;
};

// One connection. Used by one thread at a time.
class Database {
 public:
  // `flags`: SQLITE_OPEN_... Statements wait up to `busy_ms` for locks.
  Database(const std::string& path, int flags, int busy_ms);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Copies texts. `sql` must be a literal: prepared statements are cached by its address.
  template <class... Values>
  Query Ask(const char* sql, const Values&... values) {
    Query query = Prepare(sql);
    int at = 0;
    (query.Bind(++at, values), ...);
    return query;
  }

  template <class... Values>
  void Run(const char* sql, const Values&... values) {
    Query query = Ask(sql, values...);
    while (query.Step()) {
    }
  }

  // The first column of the first row, or 0.
  template <class... Values>
  std::int64_t Number(const char* sql, const Values&... values) {
    Query query = Ask(sql, values...);
    return query.Step() ? query.Int(0) : 0;
  }

  // Runs several statements without values.
  void Script(const char* sql);

  // Replaces the constructor's `busy_ms`.
  void SetBusyTimeout(int busy_ms) { sqlite3_busy_timeout(connection_, busy_ms); }

  // Of the next transactions.
  void SetDurability(Durability durability);

  std::int64_t changes() const { return sqlite3_changes64(connection_); }
  sqlite3* handle() { return connection_; }

 private:
  Query Prepare(const char* sql);

  const std::string path_;
  FileIdentity file_;
  sqlite3* connection_ = nullptr;
  std::optional<Durability> durability_;  // as set last
  std::unordered_map<const char*, std::vector<sqlite3_stmt*>> idle_;
};

// Rolls back unless committed.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };
  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void Commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace halo
