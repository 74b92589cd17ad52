// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "schemas/json.h"
#include "schemas/json_text.h"
#include "server/commands/command.h"
#include "server/commands/report_gate.h"
#include "server/report/gather_report.h"
#include "server/report/markdown_report.h"
#include "tools/common/filters.h"

namespace halo {
namespace {

struct Options {
  std::string output, filters;
  int modes = 20;
  bool json = false, candidates = false;
  std::string fail_on, baseline;
};

Result<boost::json::value> FiltersOf(const Options& options) {
  if (options.filters.empty()) return boost::json::value(boost::json::object());
  boost::system::error_code error;
  boost::json::value filters = boost::json::parse(options.filters, error);
  if (error) return Error{Code::kInvalidArgument, "--filters: invalid JSON: " + error.message()};
  return filters;
}

// All open entries that pass the filters, however many of them the report shows.
Result<std::vector<GateEntry>> EntriesOf(Engine& engine, const Options& options) {
  const Result<boost::json::value> given = FiltersOf(options);
  if (!given) return given.error();
  std::optional<wire::Filters> filters{std::in_place};
  std::string error;
  if (!Read(*given, *filters, Place(error))) return Error{Code::kInvalidArgument, error};
  const Result<Question> question = MakeQuestion(engine, filters);
  if (!question) return question.error();
  const Result<ModeRanking> ranking = engine.RankedModes(*question);
  if (!ranking) return ranking.error();
  return OpenEntries(*ranking);
}

Result<std::optional<std::vector<GateEntry>>> BaselineOf(const Options& options) {
  if (options.baseline.empty()) return std::optional<std::vector<GateEntry>>();
  std::ifstream file(options.baseline, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return Error{Code::kNotFound, options.baseline + ": cannot read it"};
  Result<std::vector<GateEntry>> entries = ReadBaseline(text);
  if (!entries) {
    return Error{entries.error().code, options.baseline + ": " + entries.error().message};
  }
  return std::optional(*std::move(entries));
}

std::string HitText(const GateHit& hit, bool has_baseline) {
  const auto share = [](const GateEntry& entry) {
    return std::to_string(entry.runs) + " of " + std::to_string(entry.eligible_runs) + " runs";
  };
  std::string text = "  " + hit.entry->id + "  " + hit.entry->detector + ", " +
                     hit.entry->generality + ", " + share(*hit.entry);
  if (hit.before != nullptr) return text + "; in the baseline " + share(*hit.before);
  return has_baseline ? text + "; not in the baseline" : text;
}

// Says on standard error which entries fail the build.
ExitCode Judge(const Options& options, std::span<const GateEntry> entries,
               const std::optional<std::vector<GateEntry>>& baseline) {
  const Generality level = options.fail_on == "systemic"    ? Generality::kSystemic
                           : options.fail_on == "recurring" ? Generality::kRecurring
                                                            : Generality::kOneOff;
  const std::vector<GateHit> hits = FindHits(entries, level, baseline);
  if (hits.empty()) return kExitOk;
  std::cerr << "halo-mcp: " << hits.size()
            << (hits.size() == 1 ? " failure mode" : " failure modes")
            << (baseline ? " new or worse than in " + options.baseline : " found") << ":\n";
  for (const GateHit& hit : hits) std::cerr << HitText(hit, baseline.has_value()) << "\n";
  return kExitPartial;
}

Result<boost::json::object> Gather(Engine& engine, const Options& options) {
  Result<boost::json::value> filters = FiltersOf(options);
  if (!filters) return filters.error();
  if (!filters->is_object()) {
    return Error{Code::kInvalidArgument, "--filters: expected a JSON object"};
  }
  return GatherReport(engine, {std::move(filters->as_object()), options.modes, options.candidates},
                      {});
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  const Result<std::optional<std::vector<GateEntry>>> baseline = BaselineOf(options);
  if (!baseline) return Fail(baseline.error());
  Result<boost::json::object> report = Gather(**engine, options);
  if (!report) return Fail(report.error());
  const Result<std::vector<GateEntry>> entries = EntriesOf(**engine, options);
  if (!entries) return Fail(entries.error());
  report->emplace("entries", WriteEntries(*entries));
  std::string text;
  if (options.json) {
    text = Serialise(boost::json::value(*report)) + "\n";
  } else {
    const bool terminal = options.output.empty() && isatty(STDOUT_FILENO) != 0;
    Result<std::string> written =
        WriteReport(*report, terminal ? ReportForm::kTerminal : ReportForm::kMarkdown);
    if (!written) return Fail(written.error());
    text = std::move(*written);
  }
  const auto judged = [&] {
    return options.fail_on.empty() ? kExitOk : Judge(options, *entries, *baseline);
  };
  if (options.output.empty()) {
    std::cout << text << std::flush;
    return judged();
  }
  std::ofstream file(options.output, std::ios::binary);
  file << text;
  file.close();
  if (!file) return Fail({Code::kUnavailable, options.output + ": cannot write it"});
  std::cout << "Wrote " << options.output << "." << std::endl;
  return judged();
}

}  // namespace

void AddReport(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand(
      "report",
      "Print the ranked failure modes and where cost and time go, as markdown or formatted for a "
      "terminal");
  command->footer(
      "Examples:\n"
      "  halo-mcp report\n"
      "  halo-mcp report --filters '{\"agent\":\"planner\",\"since\":\"-7d\"}' --output report.md\n"
      "  halo-mcp report --json | jq .failure_modes.modes[0]\n"
      "  halo-mcp report --json --output main.json\n"
      "  halo-mcp report --fail-on systemic --baseline main.json");
  command->add_option("--output,-o", options->output, "Write to this file");
  command->add_option("--filters", options->filters, "Filters as JSON, as for the tools");
  command->add_option("--modes", options->modes, "Number of failure modes")
      ->check(CLI::Range(1, 50));
  command->add_flag("--candidates", options->candidates,
                    "Also list candidates: modes of rules that nobody has measured");
  command->add_flag("--json", options->json, "Print the answers of the tools as one JSON object");
  CLI::Option* fail_on =
      command
          ->add_option("--fail-on", options->fail_on,
                       "End with exit code 3 if there are open failure modes that generalise at "
                       "least so far")
          ->check(CLI::IsMember({"systemic", "recurring", "one_off"}));
  command
      ->add_option("--baseline", options->baseline,
                   "With --fail-on: a report in JSON; only modes that are new since, or more "
                   "frequent, count")
      ->needs(fail_on);
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
