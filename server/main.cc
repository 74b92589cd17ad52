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
    "Thirty seconds:\n"
    "  halo-mcp ingest traces/          read OpenTelemetry traces of an agent\n"
    "  halo-mcp label outcomes.csv      say which runs succeeded, where the traces do not\n"
    "  halo-mcp report                  what fails again and again, and what it costs\n"
    "  halo-mcp register claude-code    let a coding agent ask\n"
    "\n"
    "Exit codes: 0 done; 1 failed, stderr says why; 2 the command line, a configuration file or\n"
    "a tool's arguments are wrong; 3 done, but a part was refused or needs attention.";

void LogToStderr(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("halo-mcp"));
  spdlog::set_pattern("%n %l: %v");
  spdlog::set_level(spdlog::level::from_str(level));
}

// CLI11 would only say that a subcommand is missing. Empty if the word is one.
std::string UnlessCommand(const CLI::App& app, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  return std::find(known.begin(), known.end(), word) == known.end() ? halo::SuggestWord(word, known)
                                                                    : std::string();
}

int Run(int argc, char** argv) {
  CLI::App app(
      "Finds what goes wrong again and again in the runs of an AI agent, from its\n"
      "OpenTelemetry traces, and serves it with evidence over MCP and this command line.",
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
                 "Where traces are kept: sqlite:PATH (default $HALO_STORE, else "
                 "sqlite:$XDG_DATA_HOME/halo-mcp/halo.db)");
  app.add_option("--config", globals.config, "halo.toml: outcome rules, redaction, prices");
  app.add_option("--log-level", level, "debug, info, warn, error or off")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));
  // Before any command's own callback.
  app.parse_complete_callback([&level] { LogToStderr(level); });

  const halo::Cli cli{app, globals, exit_code};
  halo::AddIngest(cli);
  halo::AddLabel(cli);
  halo::AddReport(cli);
  halo::AddCall(cli);
  halo::AddTools(cli);
  halo::AddStdio(cli);
  halo::AddServe(cli);
  halo::AddRegister(cli);
  halo::AddReanalyse(cli);
  halo::AddDoctor(cli);
  if (argc > 1 && argv[1][0] != '-') {
    if (const std::string known = UnlessCommand(app, argv[1]); !known.empty()) {
      std::cerr << "halo-mcp: no command '" << argv[1] << '\'' << known << '\n';
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
  // A limit on the size of files is then an error of the write that meets it, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "halo-mcp: %s\n", error.what());
    return halo::kExitFailed;
  }
}
