// SPDX-License-Identifier: MIT
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/nearest.h"
#include "server/commands/command.h"
#include "server/protocol/server_info.h"

namespace {

constexpr const char* kFooter =
    "Quick start:\n"
    "  halo-mcp ingest traces/          read OpenTelemetry traces of an agent\n"
    "  halo-mcp label outcomes.csv      add outcomes that the traces do not record\n"
    "  halo-mcp report                  what fails repeatedly, and what it costs\n"
    "  halo-mcp register claude-code    connect a coding agent\n"
    "  halo-mcp setup                   send the traces of an agent here\n"
    "\n"
    "Exit codes: 0 success; 1 failure, see stderr; 2 invalid command line, configuration file or\n"
    "tool arguments; 3 success, but some input was refused or something needs attention.";

void LogToStderr(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("halo-mcp"));
  spdlog::set_pattern("%n %l: %v");
  spdlog::set_level(spdlog::level::from_str(level));
}

// The suggestion for an unknown subcommand, since CLI11 only says that a subcommand is missing.
// Empty if `word` is a known subcommand.
std::string SuggestCommand(const CLI::App& app, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  return std::find(known.begin(), known.end(), word) == known.end() ? halo::SuggestWord(word, known)
                                                                    : std::string();
}

int Run(int argc, char** argv) {
  CLI::App app(
      "Finds recurring failure modes in the OpenTelemetry traces of an AI agent, and serves them\n"
      "with evidence over MCP and on the command line.",
      "halo-mcp");
  halo::GlobalOptions globals;
  halo::ExitCode exit_code = halo::kExitOk;
  std::string level = "info";
  app.footer(kFooter);
  app.set_version_flag("--version", halo::HaloServer().version);
  app.require_subcommand(1);
  app.fallthrough();
  globals.store = halo::DefaultStore();
  app.add_option("--store", globals.store,
                 "Where traces are stored: sqlite:PATH (default $HALO_STORE, else "
                 "sqlite:$XDG_DATA_HOME/halo-mcp/halo.db)");
  app.add_option("--config", globals.config, "halo.toml: outcome rules, redaction, prices");
  app.add_option("--log-level", level, "debug, info, warn, error or off")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
  // Runs before the subcommand's callback.
  app.parse_complete_callback([&level] { LogToStderr(level); });

  const halo::Cli cli{app, globals, exit_code};
  halo::AddIngest(cli);
  halo::AddImport(cli);
  halo::AddLabel(cli);
  halo::AddReport(cli);
  halo::AddCall(cli);
  halo::AddTools(cli);
  halo::AddStdio(cli);
  halo::AddServe(cli);
  halo::AddSetup(cli);
  halo::AddRegister(cli);
  halo::AddReanalyse(cli);
  halo::AddExport(cli);
  halo::AddPrune(cli);
  halo::AddDoctor(cli);
  if (argc > 1 && argv[1][0] != '-') {
    if (const std::string suggestion = SuggestCommand(app, argv[1]); !suggestion.empty()) {
      std::cerr << "halo-mcp: unknown command '" << argv[1] << '\'' << suggestion << '\n';
      return halo::kExitUsage;
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? halo::kExitOk : halo::kExitUsage;
  }
  std::cout.flush();
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  // Makes a write over the file size limit fail with an error, as on a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "halo-mcp: %s\n", error.what());
    return halo::kExitFailed;
  }
}
