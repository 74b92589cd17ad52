// SPDX-License-Identifier: MIT
#include "server/commands/markdown_report.h"

#include "schemas/fence.h"
#include "schemas/get_expensive_spans.h"
#include "schemas/get_overview.h"
#include "schemas/json.h"
#include "schemas/list_failure_modes.h"
#include "tools/common/phrases.h"

namespace halo {
namespace {

using wire::GetExpensiveSpansOutput;
using wire::GetOverviewOutput;
using wire::ListFailureModesOutput;
using wire::ModeRow;

template <Fielded T>
Result<T> ReadAnswer(const boost::json::object& report, std::string_view key) {
  T out{};
  std::string error;
  const boost::json::value* answer = report.if_contains(key);
  if (const boost::json::object* object = answer ? answer->if_object() : nullptr) {
    boost::json::object own = *object;
    own.erase("fence");  // said once, at the head of the report
    if (Read(boost::json::value(std::move(own)), out, Place(error))) return out;
  }
  return Error{Code::kInternal, Cat("the answer of ", key, " does not read back: ", error)};
}

// Characters that mean something to markdown are escaped, so that a name is only a name.
std::string Plain(const std::string& text) {
  static constexpr std::string_view kMarkup = "\\`*_{}[]<>()#+!|~";
  std::string out;
  for (const char c : text) {
    if (kMarkup.find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

// Read back from an answer, with its fence already there.
std::string Shown(const Prose& prose) {
  Fence none("none");
  return none.Show(prose);
}
std::string Plain(const Prose& prose) { return Plain(Shown(prose)); }
std::string Plain(const TraceText& text) { return Plain(text.raw()); }
std::string Plain(const TraceName& name) { return Plain(name.raw()); }
std::string Plain(const TraceId& id) { return Plain(id.raw()); }

// In a code block, which nothing inside can close: each of its lines is indented.
std::string Block(std::string_view text) {
  std::string out = "    ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out + "\n";
}

std::string WasteText(const wire::Wasted& wasted) {
  return Cat(UsdText(wasted.micro_usd * 1000), ", ", Plural(wasted.tokens, "token"), ", ",
             DurationText(wasted.ms * 1'000'000));
}

void Overview(const GetOverviewOutput& in, std::string& out) {
  out.append(Cat("# What went wrong in ", Plural(in.dataset.runs, "run"), "\n\n",
                 Plain(in.headline), "\n\n"));
  if (in.dataset.traces == 0) return;
  out.append(Cat("| | |\n| --- | --- |\n| runs | ", in.dataset.runs, " (one a ", in.dataset.unit,
                 "), ", Plural(in.dataset.spans, "span"), ", ",
                 Plural(in.dataset.sessions, "session"), " |\n| time | ", in.dataset.first, " to ",
                 in.dataset.last, " |\n| outcomes | ", in.outcomes.success, " succeeded, ",
                 in.outcomes.failure, " failed, ", in.outcomes.unknown, " unknown |\n| cost | ",
                 CostText(in.cost.micro_usd * 1000, in.cost.unpriced_calls), ", ",
                 Plural(in.tokens.total, "token"), ", prices of ", in.cost.prices, " |\n"));
  std::string models;
  for (const auto& model : in.models)
    models.append(models.empty() ? "" : ", ").append(model.name.raw());
  if (!models.empty()) out.append(Cat("| models | ", Plain(models), " |\n"));
  out.append("\n");
}

void ModeTable(const ListFailureModesOutput& in, std::string& out) {
  out.append(Cat("## Failure modes\n\n", Plain(in.headline), "\n\n"));
  if (in.modes.empty()) return;
  out.append(
      "| | failure mode | runs | rate (95 %) | failed with / without | wasted |\n"
      "| --- | --- | --- | --- | --- | --- |\n");
  int number = 0;
  for (const ModeRow& mode : in.modes) {
    std::string failed = "-";
    if (mode.association && mode.association->runs_with > 0) {
      const auto& table = *mode.association;
      failed = Cat(table.failed_with, " of ", table.runs_with, " / ", table.failed_without, " of ",
                   table.runs_without);
    }
    out.append(Cat("| ", ++number, " | ", Plain(mode.title), " | ", mode.traces, " of ",
                   mode.eligible_traces, " | ", PercentText(mode.rate), " (",
                   PercentText(mode.rate_low), " to ", PercentText(mode.rate_high), ") | ", failed,
                   " | ", WasteText(mode.wasted), " |\n"));
  }
  out.append("\n");
}

void Mode(const ModeRow& mode, int number, std::string& out) {
  out.append(Cat("### ", number, ". ", Plain(mode.title), "\n\n", mode.id, ", ", mode.detector,
                 ", ", mode.generality, ", ", mode.trend, ", severity ", mode.severity));
  if (mode.tasks > 0) out.append(Cat(", ", Plural(mode.tasks, "task")));
  out.append(".");
  if (!mode.signature.empty()) out.append(Cat(" Signature: ", Plain(mode.signature), "."));
  out.append("\n\n");
  if (mode.quote) {
    out.append(Cat("Trace ", Plain(mode.quote->trace_id), ", span ", Plain(mode.quote->span_id),
                   ":\n\n", Block(mode.quote->text.raw()), "\n"));
  }
}

void Expenses(std::string_view title, const GetExpensiveSpansOutput& in, bool by_time,
              std::string& out) {
  if (in.rows.empty()) return;
  out.append(
      Cat("## ", title, "\n\n| operation | model | share | ", by_time ? "held up" : "cost",
          " | calls | p50 | p95 | max |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"));
  for (const auto& row : in.rows) {
    const auto time = [](const std::optional<std::int64_t>& ms) {
      return ms ? DurationText(*ms * 1'000'000) : std::string("-");
    };
    std::string name = row.name.raw();
    if (!row.agent.empty() && row.agent != row.name) name.append(" in ").append(row.agent.raw());
    out.append(
        Cat("| ", Plain(name), " | ", Plain(row.model), " | ", PercentText(row.share), " | ",
            by_time ? DurationText(row.critical_ms * 1'000'000) : UsdText(row.micro_usd * 1000),
            " | ", CountText(row.calls), " | ", time(row.p50_ms), " | ", time(row.p95_ms), " | ",
            time(row.max_ms), " |\n"));
  }
  out.append("\n");
}

void Trust(const GetOverviewOutput& overview, const ListFailureModesOutput& modes,
           std::string& out) {
  out.append("## How far to trust this\n\n");
  for (const auto& health : overview.health) {
    out.append(Cat("- ", Plain(health.issue), ": ", CountText(health.count), ". ",
                   Plain(health.means), ".\n"));
    if (!health.example.empty()) out.append(Cat("  First: ", Plain(health.example), "\n"));
  }
  for (const Prose& note : overview.notes) out.append(Cat("- ", Plain(note), "\n"));
  out.append(Cat("- Ranked by: ", Plain(modes.ranking), ".\n"));
  if (modes.hidden_one_offs > 0) {
    out.append(Cat("- ", Plural(modes.hidden_one_offs, "one-off"),
                   " left out: a change of the harness for a single run overfits.\n"));
  }
}

}  // namespace

Result<std::string> MarkdownReport(const boost::json::object& report) {
  const auto overview = ReadAnswer<GetOverviewOutput>(report, "overview");
  if (!overview) return overview.error();
  const auto modes = ReadAnswer<ListFailureModesOutput>(report, "failure_modes");
  if (!modes) return modes.error();
  const auto cost = ReadAnswer<GetExpensiveSpansOutput>(report, "cost");
  if (!cost) return cost.error();
  const auto time = ReadAnswer<GetExpensiveSpansOutput>(report, "time");
  if (!time) return time.error();
  std::string out;
  if (const boost::json::value* fence = report.if_contains("fence")) {
    out.append(Cat("> ", Plain(std::string(fence->as_string())), "\n\n"));
  }
  Overview(*overview, out);
  if (overview->dataset.traces > 0) {
    ModeTable(*modes, out);
    int number = 0;
    for (const ModeRow& mode : modes->modes) Mode(mode, ++number, out);
    Expenses("Where the money goes", *cost, false, out);
    Expenses("What users wait for", *time, true, out);
  }
  Trust(*overview, *modes, out);
  return out;
}

}  // namespace halo
