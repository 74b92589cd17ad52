// SPDX-License-Identifier: MIT
#include "server/commands/label_file.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

#include "schemas/json_text.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::string_view kOutcomes =
    "success or failure (also pass, fail, true, false, 1, 0), unknown, or a number";

constexpr std::size_t kMaxWho = 64, kMaxReason = 1000;  // characters

struct OutcomeWord {
  std::string_view text;
  Outcome outcome;
};
constexpr OutcomeWord kWords[] = {
    {"success", Outcome::kSuccess}, {"failure", Outcome::kFailure},
    {"pass", Outcome::kSuccess},    {"fail", Outcome::kFailure},
    {"passed", Outcome::kSuccess},  {"failed", Outcome::kFailure},
    {"true", Outcome::kSuccess},    {"false", Outcome::kFailure},
    {"correct", Outcome::kSuccess}, {"incorrect", Outcome::kFailure},
    {"unknown", Outcome::kUnknown}, {"", Outcome::kUnknown},
};

Error LineError(std::size_t line, std::string_view what) {
  return {Code::kInvalidArgument, Cat("line ", line, ": ", what)};
}

std::optional<Outcome> ToOutcome(std::string_view text, double success_score) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const OutcomeWord& word : kWords) {
    if (word.text == lower) return word.outcome;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number >= success_score ? Outcome::kSuccess : Outcome::kFailure;
}

// The cells of one line; nullopt if a quote is not closed.
std::optional<std::vector<std::string>> CsvCells(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  for (std::string& cell : cells) {
    const auto first = cell.find_first_not_of(" \t");
    const auto last = cell.find_last_not_of(" \t");
    cell = first == std::string::npos ? "" : cell.substr(first, last - first + 1);
  }
  return cells;
}

struct Columns {
  std::size_t trace = 0, outcome = 1;
  std::optional<std::size_t> project, who, reason;
};

// The columns named by a header line; nullopt for a line of data.
std::optional<Columns> ReadHeader(const std::vector<std::string>& cells) {
  const auto find = [&](std::string_view name) -> std::optional<std::size_t> {
    const auto found = std::find(cells.begin(), cells.end(), name);
    if (found == cells.end()) return std::nullopt;
    return static_cast<std::size_t>(found - cells.begin());
  };
  const auto trace = find("trace_id"), outcome = find("outcome");
  if (!trace || !outcome) return std::nullopt;
  return Columns{*trace, *outcome, find("project"), find("who"), find("reason")};
}

// A line of the file as text.
struct LabelLine {
  std::string project, trace, outcome, who, reason;
};

Result<Label> MakeLabel(std::size_t line, LabelLine text, double success_score) {
  std::string& trace = text.trace;
  if (trace.empty()) return LineError(line, "expected a trace id");
  const auto known = ToOutcome(text.outcome, success_score);
  if (!known) {
    return LineError(
        line, Cat("expected outcome ", kOutcomes, "; got \"", CleanName(text.outcome, 60), "\""));
  }
  // Hex ids are stored in lower case.
  if (trace.size() == 32 && std::all_of(trace.begin(), trace.end(),
                                        [](unsigned char c) { return std::isxdigit(c) != 0; })) {
    std::transform(trace.begin(), trace.end(), trace.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  return Label{{std::move(text.project), std::move(trace)},
               *known,
               CleanName(text.who, kMaxWho),
               CleanName(text.reason, kMaxReason)};
}

Result<Label> ReadJsonLine(std::size_t line, std::string_view text, double success_score) {
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(text, error);
  const boost::json::object* object = error ? nullptr : json.if_object();
  if (!object) return LineError(line, "expected a JSON object with trace_id and outcome");
  const auto member = [&](std::string_view name) -> std::string {
    const boost::json::value* value = object->if_contains(name);
    if (!value || value->is_null()) return {};
    const boost::json::string* string = value->if_string();
    return string ? std::string(*string) : Serialise(*value);
  };
  if (!object->if_contains("trace_id") || !object->if_contains("outcome")) {
    return LineError(line, "expected the keys trace_id and outcome");
  }
  return MakeLabel(
      line,
      {member("project"), member("trace_id"), member("outcome"), member("who"), member("reason")},
      success_score);
}

Result<Label> ReadCsvLine(std::size_t line, const std::vector<std::string>& cells,
                          const Columns& columns, double success_score) {
  if (cells.size() <= std::max(columns.trace, columns.outcome)) {
    return LineError(line, Cat("expected trace id and outcome, separated by a comma; got ",
                               Plural(static_cast<std::int64_t>(cells.size()), "cell")));
  }
  const auto cell = [&](const std::optional<std::size_t>& column) {
    return column && *column < cells.size() ? cells[*column] : std::string();
  };
  return MakeLabel(line,
                   {cell(columns.project), cells[columns.trace], cells[columns.outcome],
                    cell(columns.who), cell(columns.reason)},
                   success_score);
}

}  // namespace

Result<std::vector<Label>> ParseLabels(std::string_view text, double success_score) {
  std::vector<Label> labels;
  Columns columns;
  bool first = true;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos) continue;
    Result<Label> label = LineError(number, "unclosed quote");
    if (line[start] == '{') {
      label = ReadJsonLine(number, line, success_score);
    } else if (const auto cells = CsvCells(line)) {
      const auto header = first ? ReadHeader(*cells) : std::nullopt;
      first = false;
      if (header) {
        columns = *header;
        continue;
      }
      label = ReadCsvLine(number, *cells, columns, success_score);
    }
    if (!label) return label.error();
    labels.push_back(std::move(*label));
  }
  return labels;
}

}  // namespace halo
