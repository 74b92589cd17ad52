// SPDX-License-Identifier: MIT
// A thin hand over the sqlite3 C interface: connections, statements, values. Inside this folder
// failures are thrown as SqliteError; the store turns them into Error at each of its verbs.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/kind.h"

namespace halo {

class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

// What a failure means to a caller of the store.
Error ToError(const SqliteError& error);

// Which file a path leads to. An absent file is of inode 0.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
  bool operator==(const FileIdentity&) const = default;
  bool exists() const { return inode != 0; }
};
FileIdentity IdentityOf(const std::string& path);

// Bytes that outlive the statement they are a value of.
struct Blob {
  std::string_view bytes;
};

// A prepared statement with its values, giving rows. Goes back to its connection when it dies.
class Query {
 public:
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  // Moves to the next row; false after the last one.
  bool Step();

  // Of the row; views are valid until the next Step.
  std::int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view Bytes(int column) const;
  std::string Text(int column) const { return std::string(Bytes(column)); }
  bool Null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

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

// One connection; one thread at a time.
class Database {
 public:
  // `flags`: SQLITE_OPEN_... Statements wait up to `busy_ms` for locks of others.
  Database(const std::string& path, int flags, int busy_ms);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Texts are copied. `sql` must be a literal: prepared statements are kept under its address.
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

  // First column of the first row; 0 if there is none.
  template <class... Values>
  std::int64_t Number(const char* sql, const Values&... values) {
    Query query = Ask(sql, values...);
    return query.Step() ? query.Int(0) : 0;
  }

  // Several statements without values.
  void Script(const char* sql);

  // Replaces the `busy_ms` it was opened with.
  void SetBusyTimeout(int busy_ms) { sqlite3_busy_timeout(connection_, busy_ms); }

  std::int64_t changes() const { return sqlite3_changes64(connection_); }
  sqlite3* handle() { return connection_; }

 private:
  Query Prepare(const char* sql);

  const std::string path_;
  FileIdentity file_;
  sqlite3* connection_ = nullptr;
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
