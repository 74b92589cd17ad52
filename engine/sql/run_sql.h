// SPDX-License-Identifier: MIT
// One read-only SELECT in SQLite's dialect over given tables (https://sqlite.org/vtab.html). Any
// thread; each call has a connection of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/sql/sql_table.h"

namespace halo {

struct SqlLimits {
  std::chrono::milliseconds time{5000};
  std::size_t rows = 100;
  std::size_t bytes = 30'000;     // of all cells of the answer
  std::size_t memory = 96 << 20;  // of SQLite, while it runs
  std::stop_token stop{};
};

struct SqlAnswer {
  std::vector<std::string> columns;
  std::vector<std::vector<SqlCell>> rows;
  bool more = false;  // cut at a limit of rows or bytes
};

// kInvalidArgument: not one SELECT, an unknown name, or something that is not allowed; the message
// says what. kUnavailable: out of time or memory. kCancelled: stopped.
Result<SqlAnswer> RunSql(std::string_view sql, std::span<const SqlTable> tables,
                         const OpenRows& open, const SqlLimits& limits);

// Whether the time of the query that runs on this thread is over, or it was stopped: for tables
// whose next row takes long.
bool SqlIsOver();

// The functions that a query may call, sorted.
std::span<const std::string_view> SqlFunctions();

}  // namespace halo
