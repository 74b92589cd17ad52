// SPDX-License-Identifier: MIT
#include "server/report/markdown_report.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "schemas/fence.h"
#include "schemas/get_expensive_spans.h"
#include "schemas/get_overview.h"
#include "schemas/json.h"
#include "schemas/list_failure_modes.h"
#include "tools/answer/about.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"

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
    own.erase("fence");  // printed once, at the top of the report, like the next
    own.erase(kAboutMember);
    if (Read(boost::json::value(std::move(own)), out, Place(error))) return out;
  }
  return Error{Code::kInternal, Cat("the answer of ", key, " cannot be read back: ", error)};
}

std::string OneLine(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

// Text that was read back from an answer and already has its fences.
std::string Shown(const Prose& prose) {
  Fence none("none");
  return none.Show(prose);
}

// Width of the text on a terminal: one column per character, which is right for most scripts.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string MoneyText(const std::optional<std::int64_t>& micro_usd) {
  return micro_usd ? UsdText(*micro_usd * 1000) : "unpriced";
}

// Builds the report in either form.
class Page {
 public:
  explicit Page(ReportForm form) : markdown_(form == ReportForm::kMarkdown) {}

  // Escapes markdown, so that names are shown literally.
  std::string Plain(std::string_view text) const {
    static constexpr std::string_view kMarkup = "\\`*_{}[]<>()#+!|~";
    if (!markdown_) return OneLine(text);
    std::string out;
    for (const char c : OneLine(text)) {
      if (kMarkup.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    return out;
  }

  std::string Plain(const std::string& text) const { return Plain(std::string_view(text)); }
  std::string Plain(const Words& words) const { return Plain(std::string_view(words)); }
  std::string Plain(const Prose& prose) const { return Plain(std::string_view(Shown(prose))); }
  std::string Plain(const TraceText& text) const { return Plain(std::string_view(text.raw())); }
  std::string Plain(const TraceName& name) const { return Plain(std::string_view(name.raw())); }
  std::string Plain(const TraceId& id) const { return Plain(std::string_view(id.raw())); }

  void Heading(std::size_t level, std::string_view text) {
    if (markdown_) {
      text_.append(level, '#').append(" ").append(text).append("\n\n");
      return;
    }
    text_.append(text).append("\n").append(Width(text), level == 1 ? '=' : '-').append("\n\n");
  }
  void Paragraph(std::string_view text) { text_.append(text).append("\n\n"); }
  void Item(std::string_view text) { text_.append("- ").append(text).append("\n"); }

  // An indented code block, which its content cannot close.
  void Block(std::string_view text) {
    text_.append("    ");
    for (const char c : text) {
      text_ += c;
      if (c == '\n') text_.append("    ");
    }
    text_.append("\n\n");
  }

  // Cells must be escaped with Plain.
  void Table(const std::vector<std::string>& header,
             const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const std::string& name : header) widths.push_back(markdown_ ? 3 : Width(name));
    if (!markdown_) {
      for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
      }
    }
    Line(header, widths);
    std::vector<std::string> rule;
    for (const std::size_t width : widths) rule.emplace_back(width, '-');
    Line(rule, widths);
    for (const auto& row : rows) Line(row, widths);
    text_.append("\n");
  }

  std::string Take() { return std::move(text_); }

 private:
  void Line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (markdown_) {
        text_.append("| ").append(cells[i]).append(i + 1 == cells.size() ? " |" : " ");
        continue;
      }
      text_.append(i > 0 ? "  " : "").append(cells[i]);
      const std::size_t width = Width(cells[i]);
      if (i + 1 < cells.size() && width < widths[i]) text_.append(widths[i] - width, ' ');
    }
    text_.append("\n");
  }

  const bool markdown_;
  std::string text_;
};

void Overview(const GetOverviewOutput& in, Page& page) {
  page.Heading(1, Cat("What went wrong in ", Plural(in.dataset.runs, "run")));
  page.Paragraph(page.Plain(in.headline));
  if (in.dataset.traces == 0) return;
  std::vector<std::vector<std::string>> rows = {
      {"runs", Cat(in.dataset.runs, " (one per ", in.dataset.unit, "), ",
                   Plural(in.dataset.spans, "span"), ", ", Plural(in.dataset.sessions, "session"))},
      {"time", Cat(in.dataset.first, " to ", in.dataset.last)},
      {"outcomes", Cat(in.outcomes.success, " succeeded, ", in.outcomes.failure, " failed, ",
                       in.outcomes.unknown, " unknown")},
      {"cost", Cat(SpendText(in.cost.micro_usd.value_or(0) * 1000, in.tokens.total,
                             {in.cost.unpriced_calls, in.cost.micro_usd ? 0 : 1}),
                   ", prices of ", in.cost.prices)}};
  std::string models;
  for (const auto& model : in.models)
    models.append(models.empty() ? "" : ", ").append(model.name.raw());
  if (!models.empty()) rows.push_back({"models", page.Plain(models)});
  page.Table({"what", "value"}, rows);
}

std::string ConfidenceText(wire::Confidence confidence) {
  for (const auto& name : Names(confidence)) {
    if (name.value == confidence) return std::string(name.text);
  }
  return {};
}

std::string RateText(const ModeRow& mode) {
  if (!mode.rate) return "unknown";
  return Cat(PercentText(*mode.rate), " (", PercentText(*mode.rate_low), " to ",
             PercentText(*mode.rate_high), ")");
}

void ModeTable(const ListFailureModesOutput& in, Page& page) {
  page.Heading(2, "Failure modes");
  page.Paragraph(page.Plain(in.headline));
  if (!in.page.empty()) {
    page.Paragraph(Cat("The first ", in.modes.size(), " of ", in.total,
                       " are shown; --modes N shows up to 50."));
  }
  std::vector<std::vector<std::string>> rows;
  for (const ModeRow& mode : in.modes) {
    std::string failed = "-";
    if (mode.association && mode.association->runs_with > 0) {
      const auto& table = *mode.association;
      failed = Cat(table.failed_with, " of ", table.runs_with, " / ", table.failed_without, " of ",
                   table.runs_without);
    }
    rows.push_back({Cat(rows.size() + 1), page.Plain(mode.title), ConfidenceText(mode.confidence),
                    Cat(mode.traces, " of ", mode.eligible_traces), RateText(mode), failed,
                    WasteText(mode.wasted)});
  }
  if (rows.empty()) return;
  page.Table({"no.", "failure mode", "confidence", "runs", "rate (95 %)", "failed with / without",
              "wasted"},
             rows);
}

void Mode(const ModeRow& mode, int number, Page& page) {
  page.Heading(3, Cat(number, ". ", page.Plain(mode.title)));
  std::string text = Cat(mode.id, ", ", mode.detector, ", ", mode.generality, ", ", mode.trend,
                         ", severity ", mode.severity);
  if (mode.tasks > 0) text.append(Cat(", ", Plural(mode.tasks, "task")));
  text.append(".");
  if (!mode.signature.empty()) text.append(Cat(" Signature: ", page.Plain(mode.signature), "."));
  page.Paragraph(text);
  if (!mode.note.empty()) page.Paragraph(page.Plain(mode.note));
  if (!mode.quote) return;
  page.Paragraph(Cat("Trace ", page.Plain(mode.quote->trace_id), ", span ",
                     page.Plain(mode.quote->span_id), ":"));
  page.Block(mode.quote->text.raw());
}

void Expenses(std::string_view title, const GetExpensiveSpansOutput& in, bool by_time, Page& page) {
  if (in.rows.empty()) return;
  page.Heading(2, title);
  if (!in.page.empty())
    page.Paragraph(PageText("rows", 0, in.rows.size(), static_cast<std::size_t>(in.rows_total)));
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : in.rows) {
    const auto time = [](const std::optional<std::int64_t>& ms) {
      return ms ? DurationText(*ms * 1'000'000) : std::string("-");
    };
    std::string name = row.name.raw();
    if (!row.role.empty()) name.append(Cat(" (", row.role, ")"));
    if (!row.agent.empty() && row.agent != row.name) name.append(" in ").append(row.agent.raw());
    rows.push_back({page.Plain(name), row.model.empty() ? "-" : page.Plain(row.model),
                    PercentText(row.share),
                    by_time ? time(row.critical_ms) : MoneyText(row.micro_usd),
                    CountText(row.calls), time(row.p50_ms), time(row.p95_ms), time(row.max_ms)});
  }
  page.Table(
      {"operation", "model", "share", by_time ? "blocking" : "cost", "calls", "p50", "p95", "max"},
      rows);
}

// A note with lines to copy keeps them as they are.
void Note(std::string_view note, Page& page) {
  const std::size_t end = note.find('\n');
  if (end == note.npos) return page.Item(page.Plain(note));
  page.Paragraph(page.Plain(note.substr(0, end)));
  page.Block(note.substr(end + 1));
}

void Trust(const GetOverviewOutput& overview, const ListFailureModesOutput& modes, Page& page) {
  page.Heading(2, "How far to trust this");
  for (const auto& health : overview.health) {
    std::string text = Cat(page.Plain(health.issue), ": ", CountText(health.count), ". ",
                           page.Plain(health.means), ".");
    if (!health.example.empty()) text.append(Cat("\n  First: ", page.Plain(health.example)));
    page.Item(text);
  }
  for (const Prose& note : overview.notes) Note(Shown(note), page);
  page.Item(Cat("Ranked by: ", page.Plain(modes.ranking), "."));
  if (modes.hidden_one_offs > 0) {
    page.Item(Cat(Plural(modes.hidden_one_offs, "one-off"),
                  " omitted: changing the harness for a single run overfits."));
  }
}

}  // namespace

Result<std::string> WriteReport(const boost::json::object& report, ReportForm form) {
  const auto overview = ReadAnswer<GetOverviewOutput>(report, "overview");
  if (!overview) return overview.error();
  const auto modes = ReadAnswer<ListFailureModesOutput>(report, "failure_modes");
  if (!modes) return modes.error();
  const auto cost = ReadAnswer<GetExpensiveSpansOutput>(report, "cost");
  if (!cost) return cost.error();
  const auto time = ReadAnswer<GetExpensiveSpansOutput>(report, "time");
  if (!time) return time.error();
  Page page(form);
  if (const boost::json::value* about = report.if_contains(kAboutMember)) {
    page.Paragraph(page.Plain(std::string_view(about->as_string())));
  }
  if (const boost::json::value* fence = report.if_contains("fence")) {
    page.Paragraph(Cat(form == ReportForm::kMarkdown ? "> " : "",
                       page.Plain(std::string_view(fence->as_string()))));
  }
  Overview(*overview, page);
  if (overview->dataset.traces > 0) {
    ModeTable(*modes, page);
    int number = 0;
    for (const ModeRow& mode : modes->modes) Mode(mode, ++number, page);
    Expenses("Where the money goes", *cost, false, page);
    Expenses("What users wait for", *time, true, page);
  }
  Trust(*overview, *modes, page);
  return page.Take();
}

}  // namespace halo
