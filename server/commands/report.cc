// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "server/commands/command.h"
#include "server/commands/markdown_report.h"
#include "tools/answer/tool.h"

namespace halo {
namespace {

struct Options {
  std::string output, filters;
  int modes = 20;
  bool json = false, candidates = false;
};

Result<boost::json::object> Ask(Engine& engine, const std::vector<Tool>& tools,
                                std::string_view name, const boost::json::object& arguments,
                                const CallContext& context) {
  const auto tool = std::find_if(tools.begin(), tools.end(),
                                 [&](const Tool& one) { return one.info.name == name; });
  Result<ToolAnswer> answer = tool->call(engine, arguments, context);
  if (!answer) return answer.error();
  return std::move(answer->structured);
}

Result<boost::json::object> Gather(Engine& engine, const Options& options) {
  boost::json::object shared;
  if (!options.filters.empty()) {
    boost::system::error_code error;
    shared["filters"] = boost::json::parse(options.filters, error);
    if (error) return Error{Code::kInvalidArgument, "--filters: invalid JSON: " + error.message()};
  }
  const std::vector<Tool> tools = AllTools();
  const auto with = [&](boost::json::object arguments) {
    for (const auto& member : shared) arguments.insert(member);
    return arguments;
  };
  // One nonce for all parts, so that the `fence` field applies to each.
  CallContext context;
  context.nonce = RandomNonce();
  boost::json::value meaning, about;
  boost::json::object report;
  struct Part {
    const char* key;
    const char* tool;
    boost::json::object arguments;
  };
  const std::vector<Part> parts = {
      {"overview", "get_overview", {}},
      {"failure_modes",
       "list_failure_modes",
       {{"limit", options.modes}, {"confidence", options.candidates ? "candidate" : "likely"}}},
      {"cost", "get_expensive_spans", {{"by", "cost"}}},
      {"time", "get_expensive_spans", {{"by", "critical_path"}}},
  };
  for (const Part& part : parts) {
    Result<boost::json::object> answer =
        Ask(engine, tools, part.tool, with(part.arguments), context);
    if (!answer) return answer.error();
    if (const boost::json::value* fence = answer->if_contains("fence")) meaning = *fence;
    if (const boost::json::value* said = answer->if_contains(kAboutMember)) about = *said;
    report.emplace(part.key, std::move(*answer));
  }
  boost::json::object fenced;
  if (!about.is_null()) fenced.emplace(kAboutMember, std::move(about));
  if (!meaning.is_null()) fenced.emplace("fence", std::move(meaning));
  for (auto& member : report) fenced.emplace(member.key(), std::move(member.value()));
  return fenced;
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  const Result<boost::json::object> report = Gather(**engine, options);
  if (!report) return Fail(report.error());
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
  if (options.output.empty()) {
    std::cout << text;
    return kExitOk;
  }
  std::ofstream file(options.output, std::ios::binary);
  file << text;
  file.close();
  if (!file) return Fail({Code::kUnavailable, options.output + ": cannot write it"});
  std::cout << "Wrote " << options.output << ".\n";
  return kExitOk;
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
      "  halo-mcp report --json | jq .failure_modes.modes[0]");
  command->add_option("--output,-o", options->output, "Write to this file");
  command->add_option("--filters", options->filters, "Filters as JSON, as for the tools");
  command->add_option("--modes", options->modes, "Number of failure modes")
      ->check(CLI::Range(1, 50));
  command->add_flag("--candidates", options->candidates,
                    "Also list candidates: modes of rules that nobody has measured");
  command->add_flag("--json", options->json, "Print the answers of the tools as one JSON object");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
