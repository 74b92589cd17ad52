// SPDX-License-Identifier: MIT
// The tables of a query, as the caller provides them. Plain records.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.h"

namespace halo {

using SqlCell = std::variant<std::monostate, std::int64_t, double, std::string>;

struct SqlColumn {
  std::string_view name, type, doc;  // type: INTEGER, REAL or TEXT
};

struct SqlTable {
  std::string_view name, doc;
  std::span<const SqlColumn> columns;
  // The column by which rows are looked up quickly, for joins; -1: none.
  int key = -1;
};

// The rows of one table, from front to back.
class SqlRows {
 public:
  virtual ~SqlRows() = default;
  // Moves to the next row; false after the last one. Must be called before the first row.
  virtual Result<bool> Next() = 0;
  // A column of the row.
  virtual SqlCell Cell(int column) const = 0;
};

// Opens a table, by its position in the list. With a key, only rows whose key column equals it.
// `stop` says whether to give up, which is an error of Next.
using OpenRows =
    std::function<Result<std::unique_ptr<SqlRows>>(std::size_t table, const std::string* key)>;

}  // namespace halo
