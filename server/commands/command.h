// SPDX-License-Identifier: MIT
// What the subcommands of halo-mcp share.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "server/commands/exit_code.h"

namespace halo {

// Options that stand before or after the subcommand.
struct GlobalOptions {
  std::string store;   // URL
  std::string config;  // path of a halo.toml, empty for none
};

// $HALO_STORE, else sqlite:$XDG_DATA_HOME/halo-mcp/halo.db, with ~/.local/share by default.
std::string DefaultStore();

// Opens the store by the configuration that was given. Errors are for the user.
Result<std::unique_ptr<Engine>> OpenEngine(const GlobalOptions& globals, bool adopt_config = false);

// Logs the error; the exit code that stands for it.
ExitCode Fail(const Error& error);

// Each adds one subcommand whose callback sets `exit_code`. The options outlive the parse.
struct Cli {
  CLI::App& app;
  const GlobalOptions& globals;
  ExitCode& exit_code;
};

void AddCall(const Cli& cli);
void AddDoctor(const Cli& cli);
void AddIngest(const Cli& cli);
void AddLabel(const Cli& cli);
void AddReanalyse(const Cli& cli);
void AddRegister(const Cli& cli);
void AddReport(const Cli& cli);
void AddServe(const Cli& cli);
void AddStdio(const Cli& cli);
void AddTools(const Cli& cli);

}  // namespace halo
