// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "server/commands/command.h"
#include "server/http/web_url.h"
#include "server/register/absolute_path.h"
#include "server/register/clients.h"
#include "server/register/config_file.h"
#include "server/register/guidance.h"
#include "server/register/program_path.h"
#include "tools/setup/recipe.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxName = 64;

struct Options {
  std::string client;
  std::string scope;  // empty: the default
  std::string name = "halo";
  std::string command;
  std::vector<std::string> traces;
  std::string url;
  std::string token_file;
  bool no_otlp = false;
  bool print = false;
  bool remove = false;
};

Error Wrong(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

// `store` is empty for the default. A store from the environment must be passed explicitly, because
// the environment of the client may differ.
Result<ServerAddress> AddressOf(const Options& options, const std::string& store,
                                const std::string& config) {
  ServerAddress server;
  if (!options.url.empty()) {
    if (!IsWebUrl(options.url)) {
      return Wrong("--url: expected a URL such as http://127.0.0.1:4318/mcp");
    }
    server.url = options.url;
    server.with_token = !options.token_file.empty();
    return server;
  }
  std::error_code failure;
  const std::string self = fs::read_symlink("/proc/self/exe", failure).string();
  if (failure && options.command.empty()) {
    return Error{Code::kInternal, "cannot determine the path of this program; use --command"};
  }
  if (std::find(options.traces.begin(), options.traces.end(), "") != options.traces.end()) {
    return Wrong("--traces: expected a path, got an empty string");
  }
  Result<std::string> program = ProgramPath(options.command, self, EnvironmentText("PATH"));
  if (!program) return program.error();
  server.command = *std::move(program);
  server.args = {"stdio"};
  if (!store.empty()) server.args.insert(server.args.end(), {"--store", AbsoluteStore(store)});
  if (!config.empty()) server.args.insert(server.args.end(), {"--config", AbsolutePath(config)});
  if (!options.no_otlp) {
    server.args.insert(server.args.end(), {"--otlp", std::string(kReceiverAddress)});
  }
  for (const std::string& path : options.traces) {
    server.args.insert(server.args.end(), {"--traces", AbsolutePath(path)});
  }
  return server;
}

Result<std::string> PathOf(const McpClient& client, const std::string& scope) {
  std::string path;
  if (scope == "project") {
    if (client.project_file.empty()) {
      return Wrong(std::string(client.title) + " has no project configuration");
    }
    path = AbsolutePath(std::string(client.project_file));
  } else {
    path = UserPath(client, EnvironmentText);
    if (path.empty()) return Wrong("HOME is not set; set it, or use --scope project");
  }
  if (client.alternative_suffix.empty() || fs::exists(path)) return path;
  const std::string other = path + std::string(client.alternative_suffix);
  return fs::exists(other) ? other : path;
}

Result<void> Check(const Options& options, const McpClient& client) {
  const bool good = options.name.size() <= kMaxName && !options.name.empty() &&
                    options.name.find_first_not_of(
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
                        "UVWXYZ0123456789_-") == std::string::npos;
  if (!good) return Wrong("--name: expected 1 to 64 letters, digits, _ or -");
  if (!options.url.empty() && client.token.empty()) {
    return Wrong(std::string(client.title) +
                 " does not support URLs in its configuration file; omit --url");
  }
  return {};
}

void Hint(const Options& options, const McpClient& client, const ServerAddress& server,
          std::ostream& out) {
  if (!server.command.empty()) {
    out << "It starts " << server.command
        << (fs::exists(server.command) ? ".\n" : ", which does not exist yet.\n");
    if (!options.no_otlp) {
      out << "While " << client.title << " is open, it records agents that export to http://"
          << kReceiverAddress << ": halo-mcp setup prints the lines for yours.\n";
    }
  }
  for (const std::string& path : options.traces) {
    const std::string absolute = AbsolutePath(path);
    if (fs::exists(absolute)) continue;
    out << absolute << " does not exist yet; the server will follow it once it appears.\n";
  }
  if (!options.token_file.empty()) {
    out << "The file does not contain the token: " << client.title
        << " reads it from HALO_TOKEN in its environment:\n"
        << "  export HALO_TOKEN=\"$(cat '" << AbsolutePath(options.token_file) << "')\"\n";
  } else if (options.scope == "project" && options.url.empty()) {
    out << "The file contains paths of this machine; check it before you commit it.\n";
  }
}

// Reports what is wrong with the file, and what to add to it by hand.
ExitCode Refuse(const Error& error, const std::string& path, const std::string& snippet) {
  const ExitCode code =
      Fail({error.code, path + ": " + error.message + "; the file was not changed"});
  if (!snippet.empty()) std::cerr << "To add it by hand:\n" << snippet;
  return code;
}

// What `register` writes besides the configuration of clients.
constexpr std::string_view kSkill = "skill", kNotes = "notes";

ExitCode RunGuidance(const Options& options) {
  const bool is_skill = options.client == kSkill;
  if (options.print) {
    std::cout << (is_skill ? SkillText() : NotesText()) << std::flush;
    return kExitOk;
  }
  fs::path folder = fs::current_path();
  if (options.scope == "user") {
    if (!is_skill) return Fail(Wrong("notes belong to a project; omit --scope user"));
    folder = EnvironmentText("HOME");
    if (folder.empty()) return Fail(Wrong("HOME is not set; set it, or use --scope project"));
  }
  const Result<std::vector<std::string>> done =
      options.remove ? is_skill ? RemoveSkill(folder) : RemoveNotes(folder)
      : is_skill ? WriteSkill(folder)
                     : WriteNotes(folder);
  if (!done) return Fail(done.error());
  if (done->empty()) std::cout << "Nothing changed in " << folder.string() << ".\n";
  for (const std::string& sentence : *done) std::cout << sentence << "\n";
  return kExitOk;
}

ExitCode Run(const Options& options, const std::string& store, const std::string& config) {
  if (options.client == kSkill || options.client == kNotes) return RunGuidance(options);
  const Result<const McpClient*> found = FindMcpClient(options.client);
  if (!found) return Fail(found.error());
  const McpClient& client = **found;
  if (const Result<void> checked = Check(options, client); !checked) return Fail(checked.error());
  const Result<ServerAddress> server = AddressOf(options, store, config);
  if (!server) return Fail(server.error());
  const Result<std::string> path = PathOf(client, options.scope);
  if (!path) return Fail(path.error());
  const Result<std::string> snippet = Register(client, "", options.name, *server);
  if (!snippet) return Fail(snippet.error());
  if (options.print) {
    std::cout << *snippet << std::flush;
    std::cerr << "Add this to " << *path << "\n";
    Hint(options, client, *server, std::cerr);
    return kExitOk;
  }

  const Result<std::optional<std::string>> before = ReadConfigFile(*path);
  if (!before) return Fail(before.error());
  const std::string given = before->value_or("");
  const Result<std::string> text = options.remove ? Unregister(client, given, options.name)
                                                  : Register(client, given, options.name, *server);
  if (!text) return Refuse(text.error(), *path, options.remove ? "" : *snippet);
  if (*text == given) {
    std::cout << "Nothing changed: " << *path
              << (options.remove ? " has no server " : " already has the server ") << options.name
              << ".\n";
    return kExitOk;
  }
  if (const Result<void> written = ReplaceConfigFile(*path, *before, *text); !written) {
    return Fail(written.error());
  }
  std::cout << (options.remove ? "Removed " : "Registered ") << options.name
            << (options.remove ? " from " : " in ") << *path << ".\n";
  if (options.remove) return kExitOk;
  Hint(options, client, *server, std::cout);
  std::cout << client.next_step << "\n";
  return kExitOk;
}

std::string Names() {
  std::string names;
  for (const McpClient& client : AllMcpClients()) {
    names += (names.empty() ? "" : ", ") + std::string(client.name);
  }
  names +=
      "; skill: a skill for coding agents in the current folder (.agents/skills/halo); notes: "
      "a section in its AGENTS.md and CLAUDE.md";
  return names;
}

}  // namespace

void AddRegister(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      cli.app.add_subcommand("register", "Add this server to the configuration of an MCP client");
  command->footer(
      "The rest of the file is preserved; a second run changes nothing. --store, --config and\n"
      "$HALO_STORE are written to the configuration if they are set.\n"
      "Examples:\n"
      "  halo-mcp register claude-code --traces ./traces\n"
      "  halo-mcp register cursor --scope project --print\n"
      "  halo-mcp register codex --url http://127.0.0.1:4318/mcp --token-file ~/.halo-token\n"
      "  halo-mcp register codex --remove\n"
      "  halo-mcp register skill\n"
      "  halo-mcp register notes --remove");
  command->add_option("client", options->client, Names())->required();
  command
      ->add_option("--scope", options->scope,
                   "user: for all projects; project: for the current folder (default: user, and "
                   "project for skill and notes)")
      ->check(CLI::IsMember({"user", "project"}));
  CLI::Option* print = command->add_flag("--print", options->print, "Only print the configuration");
  command->add_flag("--remove", options->remove, "Remove the server from the configuration")
      ->excludes(print);
  command->add_option("--name", options->name, "Name of the server in the client")
      ->capture_default_str();
  CLI::Option* traces = command->add_option("--traces", options->traces,
                                            "Files and folders for the server to follow");
  CLI::Option* no_otlp =
      command->add_flag("--no-otlp", options->no_otlp,
                        "Do not receive traces on 127.0.0.1:4318 while the client is open");
  CLI::Option* program = command->add_option("--command", options->command,
                                             "Program to start: a path or a name on PATH "
                                             "(default: this program)");
  CLI::Option* url = command->add_option("--url", options->url,
                                         "URL of a running halo-mcp serve, "
                                         "instead of a program");
  url->excludes(traces)->excludes(program)->excludes(no_otlp);
  command
      ->add_option("--token-file", options->token_file,
                   "Token file of that server; the configuration refers to $HALO_TOKEN")
      ->needs(url);
  const CLI::Option* store = cli.app.get_option("--store");
  command->callback([options, store, globals = &cli.globals, exit_code = &cli.exit_code] {
    const bool chosen = store->count() > 0 || !EnvironmentText("HALO_STORE").empty();
    *exit_code = Run(*options, chosen ? globals->store : "", globals->config);
  });
}

}  // namespace halo
