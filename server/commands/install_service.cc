// SPDX-License-Identifier: MIT
#include "server/commands/install_service.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <optional>

#include "server/commands/command.h"
#include "server/register/absolute_path.h"
#include "server/register/config_file.h"
#include "server/register/program_path.h"
#include "server/register/systemd_unit.h"

extern char** environ;

namespace halo {
namespace {

namespace fs = std::filesystem;

// Runs `systemctl --user` with the arguments. Its messages go to stderr.
Result<void> Systemctl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"systemctl", "--user"});
  std::vector<char*> argv;
  std::string shown;
  for (std::string& argument : arguments) {
    argv.push_back(argument.data());
    shown.append(shown.empty() ? "" : " ").append(argument);
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, 2, 1);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure == ENOENT) return Error{Code::kNotFound, "there is no systemctl on PATH"};
  if (failure != 0) return Error{Code::kUnavailable, "systemctl could not be started"};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Error{Code::kUnavailable, "`" + shown + "` failed"};
}

// Without a user manager: no systemd, a container, or a shell of another user.
ExitCode SayInstead(const Error& error, const std::string& command) {
  Fail({error.code, "No service was installed: " + error.message});
  std::cerr
      << "Keep this running instead, for example with `nohup ... &`, in tmux, as a login item "
         "or in a\ncrontab line that begins with @reboot:\n  "
      << command << "\n";
  return kExitFailed;
}

// For a shell.
std::string CommandLine(const std::string& program, const std::vector<std::string>& arguments) {
  std::string out = program;
  for (const std::string& argument : arguments) {
    const bool plain =
        argument.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == argument.npos;
    out.append(plain ? " " + argument : " '" + argument + "'");
  }
  return out;
}

// Removes a unit that could not be enabled, or puts back the one that it replaced.
void Restore(const std::string& path, const std::optional<std::string>& before,
             const std::string& written) {
  if (before) {
    if (!ReplaceConfigFile(path, written, *before)) std::cerr << "  " << path << " was changed.\n";
    return;
  }
  std::error_code ignored;
  fs::remove(path, ignored);
}

}  // namespace

ExitCode InstallService(const ServiceOptions& options) {
  std::error_code failure;
  const std::string self = fs::read_symlink("/proc/self/exe", failure).string();
  const Result<std::string> program = ProgramPath("", self, "");
  if (!program) return Fail(program.error());
  const std::string path = UserUnitPath();
  if (path.empty()) return Fail({Code::kInvalidArgument, "HOME is not set"});
  const std::string command = CommandLine(*program, options.arguments);
  if (const Result<void> there = Systemctl({"daemon-reload"}); !there) {
    return SayInstead(there.error(), command);
  }
  const Result<std::optional<std::string>> before = ReadConfigFile(path);
  if (!before) return Fail(before.error());
  if (*before && !IsOwnUnit(**before)) {
    return Fail({Code::kInvalidArgument,
                 path + " was not written by halo-mcp, and was not changed; remove it first"});
  }
  const std::string unit = SystemdUnit(*program, options.arguments);
  if (*before != unit) {
    if (const Result<void> written = ReplaceConfigFile(path, *before, unit); !written) {
      return Fail(written.error());
    }
  }
  for (const char* verb : {"daemon-reload", "enable", "restart"}) {
    std::vector<std::string> call = {verb};
    if (call[0] != "daemon-reload") call.emplace_back(kUnitName);
    if (const Result<void> done = Systemctl(std::move(call)); !done) {
      Restore(path, *before, unit);
      return SayInstead(done.error(), command);
    }
  }
  std::cout << (*before ? "Updated " : "Wrote ") << path << ".\n"
            << "Enabled and started " << kUnitName << ": it receives traces on http://"
            << options.listen << " from login to logout\n(`loginctl enable-linger`: also without a "
            << "login), with\n  " << command << "\n"
            << "State: systemctl --user status halo-mcp; log: journalctl --user -u halo-mcp\n"
            << "Undo: halo-mcp serve --uninstall\n";
  return kExitOk;
}

ExitCode UninstallService() {
  const std::string path = UserUnitPath();
  if (path.empty()) return Fail({Code::kInvalidArgument, "HOME is not set"});
  const Result<std::optional<std::string>> unit = ReadConfigFile(path);
  if (!unit) return Fail(unit.error());
  if (!*unit) {
    std::cout << "Nothing to undo: there is no " << path << ".\n";
    return kExitOk;
  }
  if (!IsOwnUnit(**unit)) {
    return Fail(
        {Code::kInvalidArgument, path + " was not written by halo-mcp, and was not changed"});
  }
  const Result<void> stopped = Systemctl({"disable", "--now", std::string(kUnitName)});
  std::error_code failure;
  if (!fs::remove(path, failure) || failure) {
    return Fail({Code::kUnavailable, path + ": cannot remove it"});
  }
  std::cout << "Removed " << path << ".\n";
  const Result<void> reloaded = Systemctl({"daemon-reload"});
  if (!stopped || !reloaded) {
    return Fail({Code::kUnavailable, (stopped ? reloaded : stopped).error().message +
                                         "; a receiver that still runs was not stopped"});
  }
  std::cout << "Disabled and stopped " << kUnitName << ". The store was kept.\n";
  return kExitOk;
}

}  // namespace halo
