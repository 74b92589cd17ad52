// SPDX-License-Identifier: MIT
// Shared by the subcommands of halo-mcp. Main thread only.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "server/commands/exit_code.h"

namespace halo {

// Options that are allowed before and after the subcommand.
struct GlobalOptions {
  std::string store;   // URL
  std::string config;  // path of a halo.toml; empty: none
};

// $HALO_STORE, else sqlite:$XDG_DATA_HOME/halo-mcp/halo.db, where XDG_DATA_HOME defaults to
// ~/.local/share.
std::string DefaultStore();

// Opens the store with the given configuration. Error messages are for the user.
Result<std::unique_ptr<Engine>> OpenEngine(const GlobalOptions& globals, bool adopt_config = false);

// Logs the error and returns its exit code.
ExitCode Fail(const Error& error);

// The arguments of the Add functions. Each adds a subcommand whose callback sets `exit_code`.
struct Cli {
  CLI::App& app;
  const GlobalOptions& globals;
  ExitCode& exit_code;
};

void AddCall(const Cli& cli);
void AddDoctor(const Cli& cli);
void AddImport(const Cli& cli);
void AddExport(const Cli& cli);
void AddIngest(const Cli& cli);
void AddLabel(const Cli& cli);
void AddPrune(const Cli& cli);
void AddReanalyse(const Cli& cli);
void AddRegister(const Cli& cli);
void AddReport(const Cli& cli);
void AddServe(const Cli& cli);
void AddSetup(const Cli& cli);
void AddStdio(const Cli& cli);
void AddTools(const Cli& cli);

}  // namespace halo
