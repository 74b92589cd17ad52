// SPDX-License-Identifier: MIT
// The tables that a query in SQL sees: names, numbers, ids and hashes of runs, spans, calls,
// findings, entries and operations. No texts of traces. Rows are made from the stored summaries and
// facts while the query reads them, a few runs at a time.
#pragma once

#include <span>
#include <string_view>

#include "engine/sql/sql_table.h"

namespace halo {

// All of them, in the order in which a reader should see them.
std::span<const SqlTable> SqlViews();

// Queries that show how the tables are meant; a test runs each.
struct SqlExample {
  std::string_view question, sql;
};
std::span<const SqlExample> SqlExamples();

}  // namespace halo
