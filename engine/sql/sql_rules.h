// SPDX-License-Identifier: MIT
// What a query may do. Pure; any thread.
#pragma once

#include <sqlite3.h>

#include <span>
#include <string>
#include <string_view>

#include "engine/sql/sql_table.h"

namespace halo {

// Decides what SQLite's authorizer asks, and keeps why it was denied.
class SqlRules {
 public:
  explicit SqlRules(std::span<const SqlTable> tables) : tables_(tables) {}

  int Decide(int action, const char* first, const char* second);
  const std::string& denied() const { return denied_; }
  // While a table declares its columns, which SQLite treats as a change of its own schema.
  void SetDeclaring(bool declaring) { declaring_ = declaring; }

 private:
  int Deny(std::string why);

  std::span<const SqlTable> tables_;
  std::string denied_;
  bool declaring_ = false;
};

void LimitSql(sqlite3* connection);

// How many copies of the tables of WITH clauses the query may make, at most: each use of one copies
// its text, so a chain of them grows exponentially before it runs.
std::size_t CopiesOfWith(std::string_view sql);
inline constexpr std::size_t kMaxCopiesOfWith = 512;

}  // namespace halo
