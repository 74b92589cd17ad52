// SPDX-License-Identifier: MIT
#include "server/register/systemd_unit.h"

#include "server/register/absolute_path.h"

namespace halo {
namespace {

constexpr std::string_view kMark = "# Written by `halo-mcp serve --install`";

// An argument of ExecStart, as systemd.service(5) and systemd.unit(5) quote it.
std::string Escaped(std::string_view argument) {
  std::string out = "\"";
  for (const char c : argument) {
    switch (c) {
      case '"':
      case '\\':
        out.append({'\\', c});
        break;
      case '%':  // a specifier
      case '$':  // a variable
        out.append({c, c});
        break;
      case '\n':
        out.append("\\n");
        break;
      default:
        out += c;
    }
  }
  return out + '"';
}

}  // namespace

std::string SystemdUnit(const std::string& program, const std::vector<std::string>& arguments) {
  std::string out(kMark);
  out.append(
      "; `halo-mcp serve --uninstall` removes it.\n"
      "[Unit]\n"
      "Description=halo-mcp: receives the traces of AI agents\n\n"
      "[Service]\n"
      "ExecStart=");
  out.append(Escaped(program));
  for (const std::string& argument : arguments) out.append(" ").append(Escaped(argument));
  out.append(
      "\n"
      "Restart=on-failure\n"
      "RestartSec=5\n\n"
      "[Install]\n"
      "WantedBy=default.target\n");
  return out;
}

bool IsOwnUnit(std::string_view text) { return text.starts_with(kMark); }

std::string UserUnitPath() {
  std::string folder = EnvironmentText("XDG_CONFIG_HOME");
  if (folder.empty()) {
    const std::string home = EnvironmentText("HOME");
    if (home.empty()) return {};
    folder = home + "/.config";
  }
  return folder + "/systemd/user/" + std::string(kUnitName);
}

}  // namespace halo
