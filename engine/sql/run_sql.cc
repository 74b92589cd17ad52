// SPDX-License-Identifier: MIT
#include "engine/sql/run_sql.h"

#include <sqlite3.h>

#include <memory>
#include <new>
#include <utility>

#include "engine/sql/sql_rules.h"

namespace halo {
namespace {

constexpr int kCheckEvery = 500;  // instructions of SQLite's machine

// One query while it runs.
struct Running {
  std::span<const SqlTable> tables;
  const OpenRows& open;
  const SqlLimits& limits;
  SqlRules rules;
  std::chrono::steady_clock::time_point deadline;
  sqlite3_int64 memory_before;
  Error failed{Code::kUnavailable, ""};  // of a table; no message: none
  bool out_of_memory = false;

  bool OutOfTime() const { return std::chrono::steady_clock::now() >= deadline; }
  bool IsOver() {
    const sqlite3_int64 used = sqlite3_memory_used() - memory_before;
    out_of_memory = out_of_memory || used > static_cast<sqlite3_int64>(limits.memory);
    return out_of_memory || OutOfTime() || limits.stop.stop_requested();
  }
};

thread_local Running* running = nullptr;

// A table as SQLite sees it: the base must be the first member.
struct TableObject {
  sqlite3_vtab base{};
  Running* query;
  std::size_t index;
};
struct CursorObject {
  sqlite3_vtab_cursor base{};
  std::unique_ptr<SqlRows> rows;
  bool at_end = true;
  sqlite3_int64 row = 0;
};

// What each table's module is given.
struct ModuleData {
  Running* query;
  std::size_t index;
};

constexpr int kScan = 0, kLookUp = 1;

int Connect(sqlite3* connection, void* data, int, const char* const*, sqlite3_vtab** out, char**) {
  const auto* module = static_cast<const ModuleData*>(data);
  const SqlTable& table = module->query->tables[module->index];
  std::string declaration = "CREATE TABLE x(";
  for (const SqlColumn& column : table.columns) {
    if (!declaration.ends_with('(')) declaration.append(",");
    declaration.append("\"").append(column.name).append("\" ").append(column.type);
  }
  declaration.append(")");
  module->query->rules.SetDeclaring(true);
  const int declared = sqlite3_declare_vtab(connection, declaration.c_str());
  module->query->rules.SetDeclaring(false);
  if (declared != SQLITE_OK) return declared;
  auto* object = new (std::nothrow) TableObject{{}, module->query, module->index};
  if (object == nullptr) return SQLITE_NOMEM;
  *out = &object->base;
  return SQLITE_OK;
}

int Disconnect(sqlite3_vtab* table) {
  delete reinterpret_cast<TableObject*>(table);
  return SQLITE_OK;
}

// A lookup by the key is cheap, a scan is not: so joins look up.
int BestIndex(sqlite3_vtab* table, sqlite3_index_info* plan) {
  const auto* object = reinterpret_cast<TableObject*>(table);
  const int key = object->query->tables[object->index].key;
  plan->idxNum = kScan;
  plan->estimatedCost = 1e6;
  plan->estimatedRows = 100'000;
  for (int i = 0; key >= 0 && i < plan->nConstraint; ++i) {
    const auto& constraint = plan->aConstraint[i];
    if (!constraint.usable || constraint.iColumn != key ||
        constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) {
      continue;
    }
    // SQLite compares again, so that affinities and collations are its own.
    plan->aConstraintUsage[i].argvIndex = 1;
    plan->idxNum = kLookUp;
    plan->estimatedCost = 50;
    plan->estimatedRows = 20;
    break;
  }
  return SQLITE_OK;
}

int Open(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  auto* cursor = new (std::nothrow) CursorObject();
  if (cursor == nullptr) return SQLITE_NOMEM;
  *out = &cursor->base;
  return SQLITE_OK;
}

int Close(sqlite3_vtab_cursor* cursor) {
  delete reinterpret_cast<CursorObject*>(cursor);
  return SQLITE_OK;
}

int Next(sqlite3_vtab_cursor* base) {
  auto* cursor = reinterpret_cast<CursorObject*>(base);
  Running& query = *reinterpret_cast<TableObject*>(base->pVtab)->query;
  try {
    const Result<bool> next = cursor->rows->Next();
    if (!next) {
      query.failed = next.error();
      return SQLITE_ERROR;
    }
    cursor->at_end = !*next;
    ++cursor->row;
    return SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
}

int Filter(sqlite3_vtab_cursor* base, int plan, const char*, int, sqlite3_value** values) {
  auto* cursor = reinterpret_cast<CursorObject*>(base);
  auto* table = reinterpret_cast<TableObject*>(base->pVtab);
  Running& query = *table->query;
  cursor->row = 0;
  cursor->at_end = true;
  try {
    std::string key;
    if (plan == kLookUp) {
      // The keys are texts, so nothing else equals one.
      if (sqlite3_value_type(values[0]) != SQLITE_TEXT) return SQLITE_OK;
      key.assign(reinterpret_cast<const char*>(sqlite3_value_text(values[0])),
                 static_cast<std::size_t>(sqlite3_value_bytes(values[0])));
    }
    Result<std::unique_ptr<SqlRows>> rows =
        query.open(table->index, plan == kLookUp ? &key : nullptr);
    if (!rows) {
      query.failed = rows.error();
      return SQLITE_ERROR;
    }
    cursor->rows = std::move(*rows);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  return Next(base);
}

int AtEnd(sqlite3_vtab_cursor* base) { return reinterpret_cast<CursorObject*>(base)->at_end; }

int Column(sqlite3_vtab_cursor* base, sqlite3_context* out, int column) {
  const SqlCell cell = reinterpret_cast<CursorObject*>(base)->rows->Cell(column);
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    sqlite3_result_int64(out, *number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    sqlite3_result_double(out, *real);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    sqlite3_result_text64(out, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else {
    sqlite3_result_null(out);
  }
  return SQLITE_OK;
}

int RowId(sqlite3_vtab_cursor* base, sqlite3_int64* out) {
  *out = reinterpret_cast<CursorObject*>(base)->row;
  return SQLITE_OK;
}

// Without xCreate, a module is a table of its own name.
const sqlite3_module& Module() {
  static const sqlite3_module kModule = [] {
    sqlite3_module module{};
    module.xConnect = Connect;
    module.xBestIndex = BestIndex;
    module.xDisconnect = Disconnect;
    module.xOpen = Open;
    module.xClose = Close;
    module.xFilter = Filter;
    module.xNext = Next;
    module.xEof = AtEnd;
    module.xColumn = Column;
    module.xRowid = RowId;
    return module;
  }();
  return kModule;
}

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct EndStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;
using Statement = std::unique_ptr<sqlite3_stmt, EndStatement>;

Error Wrong(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

// Why SQLite gave up.
Error WhyFailed(int code, sqlite3* connection, Running& query) {
  if (query.limits.stop.stop_requested()) return {Code::kCancelled, "cancelled"};
  if (!query.failed.message.empty()) return query.failed;
  const bool interrupted = code == SQLITE_INTERRUPT || query.OutOfTime();
  if (query.out_of_memory || code == SQLITE_NOMEM) {
    return {Code::kUnavailable,
            "the query needs too much memory; select fewer rows before sorting or joining them"};
  }
  if (interrupted) {
    return {
        Code::kUnavailable,
        "the query did not end within " + std::to_string(query.limits.time.count()) +
            " ms; narrow it: join by trace_id, filter runs first, or leave out spans and calls"};
  }
  if (!query.rules.denied().empty()) return Wrong(query.rules.denied());
  if (code == SQLITE_TOOBIG) {
    return Wrong("the query, or a text that it makes, is too long: at most 8 KB and 16 KB");
  }
  return Wrong(sqlite3_errmsg(connection));
}

Result<Connection> Connect(Running& query, std::vector<ModuleData>& modules) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(":memory:", &opened, flags, nullptr);
  Connection connection(opened);
  if (code != SQLITE_OK) return Error{Code::kUnavailable, "out of memory"};
  // Sorting stays in memory, where it is bounded; no file is ever made.
  sqlite3_exec(opened, "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = 0", nullptr, nullptr,
               nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  for (std::size_t i = 0; i < query.tables.size(); ++i) modules.push_back({&query, i});
  for (ModuleData& module : modules) {
    sqlite3_create_module_v2(opened, std::string(query.tables[module.index].name).c_str(),
                             &Module(), &module, nullptr);
  }
  LimitSql(opened);
  sqlite3_set_authorizer(
      opened,
      [](void* rules, int action, const char* first, const char* second, const char*, const char*) {
        return static_cast<SqlRules*>(rules)->Decide(action, first, second);
      },
      &query.rules);
  sqlite3_progress_handler(
      opened, kCheckEvery,
      [](void* data) { return static_cast<int>(static_cast<Running*>(data)->IsOver()); }, &query);
  return connection;
}

// Whether nothing follows the statement but white space, comments and semicolons.
bool IsBlankSql(sqlite3* connection, std::string_view rest) {
  while (!rest.empty()) {
    sqlite3_stmt* more = nullptr;
    const char* end = nullptr;
    const int code =
        sqlite3_prepare_v3(connection, rest.data(), static_cast<int>(rest.size()), 0, &more, &end);
    const Statement statement(more);
    if (code != SQLITE_OK || more != nullptr) return false;
    const auto done = static_cast<std::size_t>(end - rest.data());
    if (done == 0) return true;
    rest.remove_prefix(done);
  }
  return true;
}

Result<Statement> Prepare(std::string_view sql, sqlite3* connection, Running& query) {
  sqlite3_stmt* prepared = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), 0, &prepared, &rest);
  Statement statement(prepared);
  if (code != SQLITE_OK) return WhyFailed(code, connection, query);
  const bool one_select = prepared != nullptr && sqlite3_stmt_readonly(prepared) != 0 &&
                          sqlite3_stmt_isexplain(prepared) == 0 &&
                          sqlite3_column_count(prepared) > 0;
  const std::string_view after(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (!one_select || !IsBlankSql(connection, after)) return Wrong("expected one SELECT statement");
  return statement;
}

SqlCell CellAt(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
      const auto* text = static_cast<const char*>(sqlite3_column_blob(statement, column));
      return std::string(text ? text : "",
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
    default:
      return std::monostate();
  }
}

std::size_t BytesOf(const SqlCell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text ? text->size() : 8;
}

Result<SqlAnswer> Step(sqlite3_stmt* statement, sqlite3* connection, Running& query) {
  SqlAnswer answer;
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) {
    const char* const name = sqlite3_column_name(statement, i);
    answer.columns.emplace_back(name ? name : "");
  }
  std::size_t bytes = 0;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    std::vector<SqlCell> row;
    for (int i = 0; i < columns; ++i) {
      row.push_back(CellAt(statement, i));
      bytes += BytesOf(row.back());
    }
    answer.more = answer.rows.size() == query.limits.rows ||
                  (bytes > query.limits.bytes && !answer.rows.empty());
    if (answer.more) return answer;
    answer.rows.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) return WhyFailed(code, connection, query);
  return answer;
}

}  // namespace

bool SqlIsOver() { return running != nullptr && running->IsOver(); }

Result<SqlAnswer> RunSql(std::string_view sql, std::span<const SqlTable> tables,
                         const OpenRows& open, const SqlLimits& limits) {
  if (sql.find('\0') != sql.npos) return Wrong("expected one SELECT statement");
  if (CopiesOfWith(sql) > kMaxCopiesOfWith) {
    return Wrong("the WITH clauses use each other too often; use each of them once or twice");
  }
  Running query{tables,
                open,
                limits,
                SqlRules(tables),
                std::chrono::steady_clock::now() + limits.time,
                sqlite3_memory_used()};
  std::vector<ModuleData> modules;
  modules.reserve(tables.size());
  struct Here {
    explicit Here(Running* query) { running = query; }
    ~Here() { running = nullptr; }
  } here(&query);
  const Result<Connection> connection = Connect(query, modules);
  if (!connection) return connection.error();
  const Result<Statement> statement = Prepare(sql, connection->get(), query);
  if (!statement) return statement.error();
  return Step(statement->get(), connection->get(), query);
}

}  // namespace halo
