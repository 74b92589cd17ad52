// SPDX-License-Identifier: MIT
#include "engine/sql/sql_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/sql/run_sql.h"

namespace halo {
namespace {

// Without those that make long texts from short ones (printf, zeroblob, hex), read or load files,
// or depend on the connection. Sorted.
constexpr auto kFunctions = std::to_array<std::string_view>(
    {"abs",          "acos",     "asin",         "atan",       "atan2",   "avg",
     "ceil",         "ceiling",  "coalesce",     "cos",        "count",   "cume_dist",
     "date",         "datetime", "degrees",      "dense_rank", "exp",     "first_value",
     "floor",        "glob",     "group_concat", "ifnull",     "iif",     "instr",
     "julianday",    "lag",      "last_value",   "lead",       "length",  "like",
     "ln",           "log",      "log10",        "log2",       "lower",   "ltrim",
     "max",          "min",      "mod",          "nth_value",  "ntile",   "nullif",
     "percent_rank", "pi",       "pow",          "power",      "radians", "rank",
     "replace",      "round",    "row_number",   "rtrim",      "sign",    "sin",
     "sqrt",         "strftime", "substr",       "substring",  "sum",     "tan",
     "time",         "total",    "trim",         "trunc",      "typeof",  "unicode",
     "unixepoch",    "upper"});

bool IsName(char c) { return ascii::IsAlnum(c) || c == '_' || c == '$' || (c & 0x80) != 0; }

// Words, texts and single characters, without white space and comments.
std::vector<std::string> TokensOf(std::string_view sql) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    std::size_t end = i + 1;
    if (ascii::IsSpace(c)) {
      i = end;
      continue;
    }
    if (sql.substr(i, 2) == "--" || sql.substr(i, 2) == "/*") {
      const std::string_view close = c == '-' ? "\n" : "*/";
      end = sql.find(close, i + 2);
      i = end == sql.npos ? sql.size() : end + close.size();
      continue;
    }
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
      end = sql.find(c == '[' ? ']' : c, i + 1);
      end = end == sql.npos ? sql.size() : end + 1;
      // A quoted name is the name; a text is kept apart from names.
      const std::string inside(sql.substr(i + 1, end - i - std::min<std::size_t>(2, end - i)));
      tokens.push_back(c == '\'' ? "'" + inside : ascii::ToLower(inside));
    } else {
      if (IsName(c)) {
        while (end < sql.size() && IsName(sql[end])) ++end;
      }
      tokens.push_back(ascii::ToLower(sql.substr(i, end - i)));
    }
    i = end;
  }
  return tokens;
}

}  // namespace

std::span<const std::string_view> SqlFunctions() { return kFunctions; }

int SqlRules::Deny(std::string why) {
  if (denied_.empty()) denied_ = std::move(why);
  return SQLITE_DENY;
}

int SqlRules::Decide(int action, const char* first, const char* second) {
  if (declaring_) return SQLITE_OK;
  const std::string_view one = first ? first : "", two = second ? second : "";
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_READ: {
      const bool known = std::any_of(tables_.begin(), tables_.end(),
                                     [&](const SqlTable& table) { return table.name == one; });
      return known || one.empty() ? SQLITE_OK : Deny("there is no table of that name");
    }
    case SQLITE_FUNCTION: {
      const std::string name = ascii::ToLower(two);
      if (std::binary_search(kFunctions.begin(), kFunctions.end(), std::string_view(name))) {
        return SQLITE_OK;
      }
      std::string known;
      for (const std::string_view each : kFunctions) {
        known.append(known.empty() ? "" : ", ").append(each);
      }
      return Deny("this function is not available; these are: " + known);
    }
    default:
      return Deny("only a SELECT that reads the documented tables is allowed");
  }
}

void LimitSql(sqlite3* connection) {
  const std::pair<int, int> limits[] = {
      // Bounds what one call of replace, instr or like costs, and one row.
      {SQLITE_LIMIT_LENGTH, 16 << 10},
      {SQLITE_LIMIT_SQL_LENGTH, 8 << 10},
      {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200},
      {SQLITE_LIMIT_COLUMN, 200},
      {SQLITE_LIMIT_EXPR_DEPTH, 100},
      {SQLITE_LIMIT_COMPOUND_SELECT, 50},
      {SQLITE_LIMIT_VDBE_OP, 50'000},
      {SQLITE_LIMIT_FUNCTION_ARG, 32},
      {SQLITE_LIMIT_ATTACHED, 0},
      {SQLITE_LIMIT_VARIABLE_NUMBER, 0},
      {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
      {SQLITE_LIMIT_WORKER_THREADS, 0}};
  for (const auto& [id, value] : limits) sqlite3_limit(connection, id, value);
}

std::size_t CopiesOfWith(std::string_view sql) {
  const std::vector<std::string> tokens = TokensOf(sql);
  std::map<std::string_view, std::size_t> uses;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    // NAME AS ( or NAME (columns) AS (; also [NOT] MATERIALIZED.
    if (tokens[i + 1] != "as" && tokens[i + 1] != "(") continue;
    std::size_t as = i + 1;
    if (tokens[as] == "(") {
      while (as < tokens.size() && tokens[as] != ")") ++as;
      ++as;
    }
    if (as + 1 >= tokens.size() || tokens[as] != "as") continue;
    std::size_t open = as + 1;
    while (open < tokens.size() && (tokens[open] == "not" || tokens[open] == "materialized")) {
      ++open;
    }
    if (open < tokens.size() && tokens[open] == "(") uses.emplace(tokens[i], 0);
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto found = uses.find(tokens[i]);
    const bool qualifies = i + 1 < tokens.size() && tokens[i + 1] == ".";
    if (found != uses.end() && !qualifies) ++found->second;
  }
  std::size_t copies = 1;
  for (const auto& [name, count] : uses) {
    copies *= std::max<std::size_t>(1, count - std::min<std::size_t>(count, 1));
    if (copies > kMaxCopiesOfWith) break;
  }
  return copies;
}

}  // namespace halo
