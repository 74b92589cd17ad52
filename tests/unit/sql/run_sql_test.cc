// SPDX-License-Identifier: MIT
// One SELECT over given tables: what is allowed, and that hostile queries end at the deadline.
#include "engine/sql/run_sql.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "engine/sql/sql_rules.h"

namespace halo {
namespace {

constexpr SqlColumn kColumns[] = {{"id", "TEXT", ""}, {"n", "INTEGER", ""}};
const std::vector<SqlTable> kTables = {{"items", "", kColumns, 0}, {"others", "", kColumns, -1}};

// `count` rows: "i0" and 0, "i1" and 1, ...
class Counting final : public SqlRows {
 public:
  Counting(std::int64_t first, std::int64_t count) : at_(first - 1), end_(first + count) {}
  Result<bool> Next() override { return ++at_ < end_; }
  SqlCell Cell(int column) const override {
    return column == 0 ? SqlCell("i" + std::to_string(at_)) : SqlCell(at_);
  }

 private:
  std::int64_t at_, end_;
};

struct Opened {
  int scans = 0, lookups = 0;
};

Result<SqlAnswer> Run(std::string_view sql, const SqlLimits& limits = {},
                      Opened* opened = nullptr) {
  const auto open = [&](std::size_t, const std::string* key) -> Result<std::unique_ptr<SqlRows>> {
    if (opened) ++(key ? opened->lookups : opened->scans);
    if (!key) return std::unique_ptr<SqlRows>(std::make_unique<Counting>(0, 1000));
    const bool known = key->size() > 1 && key->front() == 'i';
    return std::unique_ptr<SqlRows>(
        std::make_unique<Counting>(known ? std::stoll(key->substr(1)) : 0, known ? 1 : 0));
  };
  return RunSql(sql, kTables, open, limits);
}

SqlCell One(std::string_view sql) {
  const Result<SqlAnswer> answer = Run(sql);
  if (!answer) FAIL(answer.error().message);
  REQUIRE(answer->rows.size() == 1);
  return answer->rows[0][0];
}

std::string Refusal(std::string_view sql) {
  const Result<SqlAnswer> answer = Run(sql);
  INFO(sql);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == Code::kInvalidArgument);
  return answer.error().message;
}

TEST_CASE("a SELECT reads, groups, joins and orders") {
  CHECK(One("SELECT count(*) FROM items") == SqlCell(std::int64_t{1000}));
  CHECK(One("SELECT n FROM items WHERE id = 'i7';") == SqlCell(std::int64_t{7}));
  CHECK(One("SELECT max(n) / 2.0 FROM items WHERE n < 10") == SqlCell(4.5));
  CHECK(One("SELECT NULL") == SqlCell());
  CHECK(One("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 9) "
            "SELECT sum(x) FROM c") == SqlCell(std::int64_t{45}));
  CHECK(One("SELECT group_concat(id) FROM (SELECT id FROM items ORDER BY n DESC LIMIT 2) -- end") ==
        SqlCell(std::string("i999,i998")));
  const Result<SqlAnswer> named = Run("SELECT n AS number, id FROM items LIMIT 3");
  REQUIRE(named.has_value());
  CHECK(named->columns == std::vector<std::string>{"number", "id"});
  CHECK(named->rows.size() == 3);
  CHECK_FALSE(named->more);
}

TEST_CASE("a join looks rows up by their key") {
  Opened opened;
  const auto answer =
      Run("SELECT count(*) FROM others o JOIN items i ON i.id = o.id WHERE o.n < 50", {}, &opened);
  REQUIRE(answer.has_value());
  CHECK(answer->rows[0][0] == SqlCell(std::int64_t{50}));
  CHECK(opened.scans == 1);
  CHECK(opened.lookups == 50);
}

TEST_CASE("rows and bytes of an answer are limited, which is said") {
  SqlLimits limits;
  limits.rows = 10;
  const auto rows = Run("SELECT id FROM items", limits);
  REQUIRE(rows.has_value());
  CHECK(rows->rows.size() == 10);
  CHECK(rows->more);
  limits.rows = 1000;
  limits.bytes = 100;
  const auto bytes = Run("SELECT id FROM items", limits);
  REQUIRE(bytes.has_value());
  CHECK(bytes->more);
  CHECK(bytes->rows.size() < 50);
}

TEST_CASE("only one SELECT over the given tables is allowed") {
  for (const char* sql : {"",
                          "  ;",
                          "-- nothing",
                          "SELECT 1; SELECT 2",
                          "DELETE FROM items",
                          "INSERT INTO items VALUES (1, 2)",
                          "UPDATE items SET n = 1",
                          "CREATE TABLE t(x)",
                          "CREATE TEMP TABLE t AS SELECT 1",
                          "CREATE VIRTUAL TABLE v USING items",
                          "DROP TABLE items",
                          "ATTACH '/etc/passwd' AS x",
                          "ATTACH ':memory:' AS x",
                          "DETACH main",
                          "PRAGMA user_version",
                          "PRAGMA query_only = 0",
                          "BEGIN",
                          "VACUUM INTO '/tmp/x'",
                          "EXPLAIN SELECT 1",
                          "EXPLAIN QUERY PLAN SELECT 1",
                          "ANALYZE",
                          "REINDEX",
                          "SELECT * FROM sqlite_master",
                          "SELECT * FROM sqlite_schema",
                          "SELECT * FROM pragma_database_list",
                          "SELECT * FROM json_each('[1]')",
                          "SELECT * FROM no_such_table",
                          "SELECT no_such_column FROM items",
                          "SELECT ?",
                          "SELECT :x",
                          "SELECT load_extension('x')",
                          "SELECT readfile('/etc/passwd')",
                          "SELECT writefile('x', 'y')",
                          "SELECT printf('%.*c', 1000000000, 'x')",
                          "SELECT format('%1000000000d', 1)",
                          "SELECT zeroblob(1000000000)",
                          "SELECT randomblob(1000000000)",
                          "SELECT hex(id) FROM items",
                          "SELECT quote(id) FROM items",
                          "SELECT char(65)",
                          "SELECT sqlite_version()",
                          "SELECT changes()",
                          "SELECT fts3_tokenizer('x')",
                          "SELEC 1",
                          "SELECT 'open",
                          "VALUES (1); VALUES (2)"}) {
    Refusal(sql);
  }
  CHECK(Refusal("SELECT printf('%d', 1)").find("group_concat") != std::string::npos);
  CHECK(Refusal(std::string("SELECT 1\0; DROP", 15)).find("SELECT") != std::string::npos);
  CHECK(Refusal("SELECT '" + std::string(10'000, 'x') + "'").find("too long") != std::string::npos);
}

// The time that a query takes with a deadline of 300 ms.
double Seconds(const std::string& sql) {
  SqlLimits limits;
  limits.time = std::chrono::milliseconds(300);
  const auto start = std::chrono::steady_clock::now();
  const Result<SqlAnswer> answer = Run(sql, limits);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  INFO(sql.substr(0, 300));
  if (answer) FAIL("it ended");
  INFO(answer.error().message);
  CHECK(
      (answer.error().code == Code::kUnavailable || answer.error().code == Code::kInvalidArgument));
  return taken.count();
}

std::string Repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST_CASE("hostile queries end at the deadline or at a limit") {
  // Doubles a text until it is too long; then works on texts just below that.
  const std::string text =
      "WITH RECURSIVE t(x, n) AS (SELECT 'aaaaaaaa', 0 UNION ALL SELECT x || x, n + 1 FROM t "
      "WHERE n < 10), w AS (SELECT x FROM t WHERE n = 10) ";
  const std::vector<std::string> queries = {
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c",
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c ORDER BY -x",
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION SELECT x + 1 FROM c) SELECT max(x) FROM c",
      "WITH RECURSIVE c(x) AS (SELECT 'a' UNION ALL SELECT x || x FROM c) SELECT count(*) FROM c",
      "SELECT count(*) FROM others a, others b, others c, others d",
      "SELECT a.id, b.id, c.id FROM others a, others b, others c ORDER BY a.n * b.n * c.n",
      "SELECT group_concat(a.id || b.id || c.id) FROM others a, others b, others c",
      "SELECT count(DISTINCT a.id || b.id || c.id) FROM others a, others b, others c",
      text +
          "SELECT sum(length(replace(w.x, substr(w.x, 1, 4000) || 'b', 'c'))) FROM w, others a, "
          "others b",
      text + "SELECT sum(instr(w.x, substr(w.x, 1, 4000) || 'b')) FROM w, others a, others b",
      text + "SELECT length(replace(x, 'a', x)) FROM w",
      text + "SELECT sum(w.x LIKE '" + Repeated("%a", 90) + "b') FROM w, others a, others b",
      text + "SELECT sum(w.x LIKE '" + Repeated("%_", 90) + "b') FROM w, others a, others b",
      text + "SELECT sum(w.x GLOB '" + Repeated("*a", 90) + "b') FROM w, others a, others b",
      text + "SELECT sum(w.x GLOB '" + Repeated("*[a-z]", 30) + "b') FROM w, others a, others b",
      text + "SELECT sum(length(trim(w.x, w.x))) FROM w, others a, others b",
      text +
          "SELECT sum(length(trim(w.x, replace(w.x, 'a', 'b') || 'a'))) FROM w, others a, "
          "others b",
      "SELECT " + Repeated("(SELECT count(*) FROM others a, others b, others c) + ", 40) + "1",
      "SELECT 1 WHERE " + Repeated("(", 500) + "1" + Repeated(")", 500) + " = 2 AND " +
          Repeated("NOT ", 500) + "1",
  };
  for (const std::string& sql : queries) CHECK(Seconds(sql) < 5);
}

TEST_CASE("a chain of WITH clauses that doubles is refused before it is prepared") {
  for (const bool from_table : {true, false}) {
    std::string sql =
        from_table ? "WITH c0 AS (SELECT n FROM items)" : "WITH c0 AS (SELECT 1 AS n)";
    for (int i = 1; i < 24; ++i) {
      const std::string before = "c" + std::to_string(i - 1);
      sql += ", c" + std::to_string(i) + "(n) AS NOT MATERIALIZED (SELECT a.n FROM " + before +
             " a, " + before + " b)";
    }
    CHECK(Seconds(sql + " SELECT count(*) FROM c23") < 5);
  }
  CHECK(CopiesOfWith(
            "WITH a AS (SELECT 1), b AS (SELECT * FROM a, a x) SELECT b.y FROM b, \"b\" c") == 4);
  CHECK(CopiesOfWith("SELECT 'WITH a AS (' -- WITH b AS (\n") == 1);
}

TEST_CASE("a query that is stopped ends, also within a table") {
  std::stop_source stop;
  SqlLimits limits;
  limits.time = std::chrono::minutes(5);
  limits.stop = stop.get_token();
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const auto answer = Run("SELECT count(*) FROM others a, others b, others c, others d", limits);
  stopper.join();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == Code::kCancelled);
}

TEST_CASE("memory is limited") {
  SqlLimits limits;
  limits.memory = 4 << 20;
  limits.time = std::chrono::minutes(1);
  const auto answer =
      Run("SELECT a.id || b.id AS x FROM others a, others b ORDER BY x, a.n", limits);
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().message.find("memory") != std::string::npos);
}

TEST_CASE("the failure of a table is that of the query") {
  const auto open = [](std::size_t, const std::string*) -> Result<std::unique_ptr<SqlRows>> {
    return Error{Code::kCorrupt, "the store is damaged"};
  };
  const auto answer = RunSql("SELECT * FROM items", kTables, open, {});
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == Code::kCorrupt);
}

}  // namespace
}  // namespace halo
