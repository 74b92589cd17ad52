// SPDX-License-Identifier: MIT
#include "engine/sql_views.h"
#include "schemas/common.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

struct QuerySqlInput {
  std::string sql;
  std::optional<std::string> project;
  std::int64_t limit = 50;

  static constexpr auto Fields() {
    using Self = QuerySqlInput;
    return std::tuple{Field("sql", &Self::sql, "one SELECT")
                          .Example("\"SELECT outcome, count(*) FROM runs GROUP BY outcome\""),
                      Option("project", &Self::project, "\"*\": all"),
                      Option("limit", &Self::limit, "rows", {1, 500})};
  }
};

struct QuerySqlOutput {
  Words headline;
  std::vector<Words> columns;
  std::vector<std::vector<Cell>> rows;
  bool complete = true;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = QuerySqlOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Field("columns", &Self::columns),
                      Field("rows", &Self::rows),
                      Option("complete", &Self::complete, "false: there are more rows"),
                      Option("notes", &Self::notes),
                      Option("next", &Self::next)};
  }
};

using Out = QuerySqlOutput;

Cell ToCell(const SqlCell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return Cell(*number);
  if (const auto* real = std::get_if<double>(&cell)) return Cell(*real);
  if (const auto* text = std::get_if<std::string>(&cell)) return Cell(std::string_view(*text));
  return {};
}

// What SQLite says, with what the model needs to write the query again.
Error Explain(const Error& error) {
  if (error.code != Code::kInvalidArgument) return error;
  std::string tables;
  for (const SqlTable& table : SqlViews()) {
    std::string columns;
    for (const SqlColumn& column : table.columns) {
      columns.append(columns.empty() ? "" : ", ").append(column.name);
    }
    tables.append(Cat(tables.empty() ? "" : "; ", table.name, "(", columns, ")"));
  }
  return {error.code, Cat("$.sql: ", OneLine(error.message, 1500), ". The tables: ", tables,
                          ". halo://schema explains them, with example queries.")};
}

Result<Draft<Out>> QuerySql(Engine& engine, const QuerySqlInput& in, const CallContext& context) {
  std::optional<wire::Filters> filters;
  if (in.project) filters.emplace().project = in.project;
  const Result<Question> question = MakeQuestion(engine, filters, context.stop);
  if (!question) return question.error();
  SqlLimits limits;
  limits.rows = static_cast<std::size_t>(in.limit);
  limits.stop = context.stop;
  const Result<SqlAnswer> answer = engine.QuerySql(*question, in.sql, limits);
  if (!answer) return Explain(answer.error());
  Out out;
  for (const std::string& column : answer->columns) {
    out.columns.emplace_back(OneLine(column));
  }
  for (const std::vector<SqlCell>& row : answer->rows) {
    std::vector<Cell>& cells = out.rows.emplace_back();
    for (const SqlCell& cell : row) cells.push_back(ToCell(cell));
  }
  out.notes = ProvenanceNotes(engine);
  if (out.rows.empty()) {
    const Result<StoreInfo> info = engine.Info();
    if (info && info->traces == 0) {
      for (Prose& note : WhyEmpty(engine, filters)) out.notes.push_back(std::move(note));
    }
    out.next.emplace_back("get_overview {}");
  }
  const std::size_t fetched = out.rows.size();
  const bool large = in.limit > QuerySqlInput{}.limit;
  Draft<Out> draft(std::move(out), context);
  draft.FitList(&Out::rows, large ? kLargeAnswerBytes : kDefaultAnswerBytes,
                [&](Draft<Out>& cut, std::size_t shown) {
                  const bool more = answer->more || shown < fetched;
                  cut.Edit(&Out::complete) = !more;
                  cut.Edit(&Out::headline) =
                      more ? Cat("The first ", Plural(static_cast<std::int64_t>(shown), "row"),
                                 "; there are more: aggregate, or add ORDER BY with LIMIT and "
                                 "OFFSET.")
                           : Cat(Plural(static_cast<std::int64_t>(shown), "row"), ".");
                });
  return draft;
}

}  // namespace

Tool QuerySqlTool() {
  return MakeTool(
      ToolInfo{
          .name = "query_sql",
          .title = "Query the traces in SQL",
          .description =
              "One read-only SELECT (SQLite) for questions that no other tool answers, such as "
              "counts per day or calls that overlapped in time. Tables: runs, spans, calls (with "
              "asked_by, seen_by), findings, entries, operations, joined by trace_id (entries.id "
              "= findings.entry_id). They hold names, numbers, ids and hashes; read_values has "
              "texts. An error lists the columns; halo://schema explains them, with examples. "
              "At most 5 s.",
          .search_hint = "sql select count group by join aggregate",
      },
      &QuerySql);
}

}  // namespace halo
