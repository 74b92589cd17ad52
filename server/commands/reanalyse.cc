// SPDX-License-Identifier: MIT
#include <iostream>

#include "server/commands/command.h"
#include "server/commands/progress_bar.h"
#include "server/commands/stop_on_signal.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

ExitCode Run(const GlobalOptions& globals) {
  const StopOnSignal stop;
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals, true);
  if (!engine) return Fail(engine.error());
  ProgressBar bar;
  const Result<std::int64_t> done = (*engine)->Reanalyse(bar.Callback(), stop.token());
  bar.Clear();
  if (!done) return Fail(done.error());
  std::cout << "Reanalysed " << Plural(*done, "trace") << ".\n";
  return kExitOk;
}

}  // namespace

void AddReanalyse(const Cli& cli) {
  CLI::App* command = cli.app.add_subcommand(
      "reanalyse", "Analyse all traces again with this version and configuration");
  command->footer(
      "Needed after an upgrade or a change of halo.toml: until then, traces keep the results of\n"
      "the rules that analysed them. Labels and triage are kept.\n"
      "Example:\n"
      "  halo-mcp reanalyse --config halo.toml");
  command->callback(
      [globals = &cli.globals, exit_code = &cli.exit_code] { *exit_code = Run(*globals); });
}

}  // namespace halo
