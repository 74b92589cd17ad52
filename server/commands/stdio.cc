// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

#include "server/catalogue/halo_catalogue.h"
#include "server/commands/command.h"
#include "server/commands/follow.h"
#include "server/commands/http_access.h"
#include "server/commands/import_roots.h"
#include "server/commands/otlp_port.h"
#include "server/methods/dispatcher.h"
#include "server/session/client_roots.h"
#include "server/stdio/stdio_transport.h"

namespace halo {
namespace {

struct Options {
  std::vector<std::string> traces;
  std::string project;
  std::string otlp;
  std::string token_file;
};

// The port of --otlp; null without that option.
Result<std::unique_ptr<OtlpPort>> OpenPort(const GlobalOptions& globals, const Options& options,
                                           Engine& engine, const Dispatcher& dispatcher) {
  if (options.otlp.empty()) return nullptr;
  OtlpPortOptions port;
  Result<ListenAddress> listen = ParseListenAddress(options.otlp, "--otlp");
  if (!listen) return listen.error();
  Result<AccessOptions> access = AccessOf("--otlp", options.otlp, *listen, options.token_file);
  if (!access) return access.error();
  port.listen = *std::move(listen);
  port.access = *std::move(access);
  port.store = globals.store;
  port.project = options.project;
  return std::make_unique<OtlpPort>(engine, dispatcher, std::move(port));
}

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
  const Result<std::unique_ptr<OtlpPort>> port = OpenPort(globals, options, **engine, dispatcher);
  if (!port) return Fail(port.error());
  const bool answered = ServeStdio(dispatcher, {});
  // A call that did not end still uses engine and dispatcher. The store survives an abrupt exit.
  if ((*port && !(*port)->Close()) || !answered) std::_Exit(kExitOk);
  return kExitOk;
}

}  // namespace

void AddStdio(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand(
      "stdio", "Serve the Model Context Protocol on standard input and output");
  command->footer(
      "Clients start this command. It exits when its input ends. Logs go to standard error.\n"
      "With --otlp it also receives traces over OTLP/HTTP. Several processes may name the same\n"
      "address and store: one receives for all, and another takes over when it ends.\n"
      "Examples:\n"
      "  halo-mcp register claude-code --traces ./traces\n"
      "  halo-mcp stdio --otlp 127.0.0.1:4318\n"
      "  codex mcp add halo -- halo-mcp stdio --store sqlite:/path/halo.db");
  command->add_option("--traces", options->traces,
                      "Files and folders to import and to follow while serving");
  command->add_option("--project", options->project,
                      "Namespace of the followed and received traces");
  command->add_option("--otlp", options->otlp,
                      "ADDRESS:PORT where traces are received (OTLP/HTTP)");
  command->add_option("--token-file", options->token_file,
                      "File with the token that exporters must send; created if it does not exist");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
