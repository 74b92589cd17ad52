// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <thread>

#include "server/catalogue/halo_catalogue.h"
#include "server/commands/command.h"
#include "server/commands/follow.h"
#include "server/commands/import_roots.h"
#include "server/methods/dispatcher.h"
#include "server/session/client_roots.h"
#include "server/stdio/stdio_transport.h"

namespace halo {
namespace {

struct Options {
  std::vector<std::string> traces;
  std::string project;
};

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  std::vector<std::string> roots = ProjectRoots();
  roots.insert(roots.end(), options.traces.begin(), options.traces.end());
  // The client is a program of this user, so what it calls its folders may be read.
  const auto roots_of = [&roots](const Client& client, const std::stop_token& stop) {
    std::vector<std::string> all = roots;
    for (std::string& root : RootsOfClient(client, stop)) all.push_back(std::move(root));
    return all;
  };
  const Dispatcher dispatcher(HaloCatalogue(**engine, roots_of));
  const std::jthread follower = FollowInBackground(
      **engine, options.traces, options.project,
      [&dispatcher](LogLevel level, std::string_view text) { dispatcher.Announce(level, text); });
  // A call that did not end still uses engine and dispatcher. The store survives an abrupt exit.
  if (!ServeStdio(dispatcher, {})) std::_Exit(kExitOk);
  return kExitOk;
}

}  // namespace

void AddStdio(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand(
      "stdio", "Serve the Model Context Protocol on standard input and output");
  command->footer(
      "Clients start this command. It exits when its input ends. Logs go to standard error.\n"
      "Examples:\n"
      "  halo-mcp register claude-code --traces ./traces\n"
      "  codex mcp add halo -- halo-mcp stdio --store sqlite:/path/halo.db");
  command->add_option("--traces", options->traces,
                      "Files and folders to import and to follow while serving");
  command->add_option("--project", options->project, "Namespace of the followed traces");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
