// SPDX-License-Identifier: MIT
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "schemas/nearest.h"
#include "server/commands/command.h"
#include "server/commands/import_roots.h"
#include "server/commands/progress_bar.h"
#include "server/commands/stop_on_signal.h"
#include "server/protocol/json_rpc.h"
#include "tools/answer/tool.h"

namespace halo {
namespace {

struct Options {
  std::string tool, arguments = "{}";
  bool json = false;
};

Result<Tool> FindTool(const std::string& name) {
  std::vector<Tool> tools = AllTools();
  const auto found = std::find_if(tools.begin(), tools.end(),
                                  [&](const Tool& tool) { return tool.info.name == name; });
  if (found != tools.end()) return std::move(*found);
  std::vector<std::string_view> known;
  for (const Tool& tool : tools) known.push_back(tool.info.name);
  return Error{Code::kInvalidArgument, "Unknown tool " + name + SuggestWord(name, known)};
}

Result<boost::json::value> ParseArguments(const std::string& text) {
  auto arguments = ParseJson(text);
  if (arguments) return *std::move(arguments);
  return Error{Code::kInvalidArgument,
               "Invalid arguments. " + arguments.error().message +
                   ". Example: halo-mcp call list_failure_modes '{\"limit\":5}'"};
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const StopOnSignal stop;
  const Result<Tool> tool = FindTool(options.tool);
  if (!tool) return Fail(tool.error());
  const std::string text = options.arguments == "-"
                               ? std::string{std::istreambuf_iterator<char>(std::cin), {}}
                               : options.arguments;
  const Result<boost::json::value> arguments = ParseArguments(text);
  if (!arguments) return Fail(arguments.error());
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  ProgressBar bar;
  const Result<ToolAnswer> answer =
      tool->call(**engine, *arguments, {stop.token(), bar.Callback(), &ProjectRoots, {}});
  bar.Clear();
  if (!answer) return Fail(answer.error());
  if (options.json) {
    std::cout << Serialise(answer->structured) << "\n";
  } else {
    std::cout << answer->text;
  }
  return kExitOk;
}

}  // namespace

void AddCall(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand("call", "Call one tool, as a client would");
  command->footer(
      "Examples:\n"
      "  halo-mcp call get_overview\n"
      "  halo-mcp call list_failure_modes '{\"limit\":5,\"filters\":{\"since\":\"-24h\"}}'\n"
      "  halo-mcp call explain_trace '{\"trace_id\":\"4bf92f35\"}' --json");
  command->add_option("TOOL", options->tool, "Name of the tool; halo-mcp tools lists them")
      ->required();
  command->add_option("JSON", options->arguments, "Arguments of the tool; - reads standard input");
  command->add_flag("--json", options->json, "Print the structured answer instead of the text");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
