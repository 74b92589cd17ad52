// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <map>
#include <optional>

#include "engine/export_traces.h"
#include "schemas/common.h"
#include "schemas/json.h"
#include "schemas/json_text.h"
#include "server/commands/command.h"
#include "server/commands/progress_bar.h"
#include "server/commands/quantities.h"
#include "server/commands/stop_on_signal.h"
#include "tools/answer/arguments.h"
#include "tools/answer/phrases.h"
#include "tools/common/filters.h"

namespace halo {
namespace {

struct Options {
  std::string out = "-", filters, labels;
  std::map<std::string, std::string> by_name;  // filters as options of their own
};

// The filters of --filters, then those given one by one.
Result<std::optional<wire::Filters>> ToFilters(const Options& options) {
  boost::json::object given;
  if (!options.filters.empty()) {
    boost::system::error_code error;
    const boost::json::value parsed = boost::json::parse(options.filters, error);
    if (error || !parsed.is_object()) {
      return Error{Code::kInvalidArgument,
                   "--filters: expected a JSON object such as '{\"agent\":\"planner\"}'"};
    }
    given = parsed.as_object();
  }
  for (const auto& [name, text] : options.by_name) {
    if (!text.empty()) given[name] = text;
  }
  if (given.empty()) return std::optional<wire::Filters>();
  const FittedArguments fitted =
      FitArguments(given, Schema<wire::Filters>(Direction::kInput), "export");
  wire::Filters filters;
  std::string error;
  if (!Read(fitted.value, filters, Place(error))) {
    return Error{Code::kInvalidArgument, "wrong filter: " + error};
  }
  if (!fitted.note.empty()) return Error{Code::kInvalidArgument, fitted.note};
  return std::optional(std::move(filters));
}

void Report(const ExportReport& report, const std::string& out) {
  std::cerr << "Exported " << Plural(report.traces, "trace") << " with "
            << Plural(report.spans, "span") << " (" << SizeText(report.bytes) << ")"
            << (out == "-" ? "" : " to " + CleanName(out, 200)) << ".\n";
  if (report.lost_traces > 0) {
    std::cerr << Plural(report.lost_traces, "trace")
              << " could not be read; `halo-mcp doctor` tells why.\n";
  }
  if (report.stopped) std::cerr << "Interrupted; the export is not complete.\n";
}

// A file under another name until it is complete, or standard output.
class Output {
 public:
  explicit Output(std::string path)
      : path_(std::move(path)),
        file_(path_ == "-" ? stdout : std::fopen((path_ + ".part").c_str(), "wb")) {}
  ~Output() {
    if (file_ != nullptr && path_ != "-") std::fclose(file_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  bool is_open() const { return file_ != nullptr; }
  bool Write(std::string_view line) {
    return std::fwrite(line.data(), 1, line.size(), file_) == line.size();
  }
  bool Finish() {
    if (path_ == "-") return std::fflush(file_) == 0;
    const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
    return closed && std::rename((path_ + ".part").c_str(), path_.c_str()) == 0;
  }

 private:
  const std::string path_;
  std::FILE* file_;
};

ExitCode CannotWrite(const std::string& path) {
  return Fail({Code::kUnavailable, path + ": cannot write it"});
}

// A line of the file that `halo-mcp label` reads.
std::string LabelLine(const Label& label) {
  const boost::json::object line{{"trace_id", label.key.trace_id},
                                 {"project", label.key.project},
                                 {"outcome", OutcomeName(label.outcome)},
                                 {"who", label.who},
                                 {"reason", label.why}};
  return Serialise(boost::json::value(line)) + "\n";
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const StopOnSignal stop;
  Result<std::optional<wire::Filters>> filters = ToFilters(options);
  if (!filters) return Fail(filters.error());
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  const Result<Question> question = MakeTraceQuestion(**engine, *filters, "export", stop.token());
  if (!question) return Fail(question.error());
  Output out(options.out);
  if (!out.is_open()) return CannotWrite(options.out);
  std::optional<Output> labels;
  if (!options.labels.empty()) labels.emplace(options.labels);
  if (labels && !labels->is_open()) return CannotWrite(options.labels);
  ExportSink sink{[&](std::string_view line) { return out.Write(line); }};
  if (labels) sink.label = [&](const Label& label) { return labels->Write(LabelLine(label)); };
  ProgressBar bar;
  const Result<ExportReport> report = ExportTraces(**engine, *question, sink, bar.Callback());
  bar.Clear();
  if (!report) return Fail(report.error());
  if (!out.Finish()) return CannotWrite(options.out);
  if (labels && !labels->Finish()) return CannotWrite(options.labels);
  Report(*report, options.out);
  return report->stopped || report->lost_traces > 0 ? kExitPartial : kExitOk;
}

}  // namespace

void AddExport(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      cli.app.add_subcommand("export", "Write stored traces as OTLP/JSON, a request per line");
  command->footer(
      "Secrets stay redacted. An ingest of the export into an empty store gives the same answers,\n"
      "with --labels and `halo-mcp label` also their outcomes; triage is not part of it.\n"
      "Examples:\n"
      "  halo-mcp export --out traces.jsonl\n"
      "  halo-mcp export --agent planner --since -7d | gzip > planner.jsonl.gz");
  command->add_option("--out,-o", options->out, "File; - for standard output (default)");
  command->add_option("--labels", options->labels,
                      "Also write their labels to this file, for `halo-mcp label`");
  command->add_option("--filters", options->filters, "Filters as JSON, as for the tools");
  ForEachField<wire::Filters>([&](const auto& field) {
    if (field.name == "status") return;  // of failure modes, not of traces
    std::string option = "--" + std::string(field.name);
    std::replace(option.begin() + 2, option.end(), '_', '-');
    command->add_option(option, options->by_name[std::string(field.name)],
                        "Only traces with this " + std::string(field.name));
  });
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
