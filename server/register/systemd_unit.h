// SPDX-License-Identifier: MIT
// The systemd user unit that keeps a receiver running. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace halo {

inline constexpr std::string_view kUnitName = "halo-mcp.service";

// The text of the unit, which starts `program`, an absolute path, with `arguments`.
std::string SystemdUnit(const std::string& program, const std::vector<std::string>& arguments);

// Whether the text is a unit that SystemdUnit wrote.
bool IsOwnUnit(std::string_view text);

// $XDG_CONFIG_HOME/systemd/user/halo-mcp.service; empty if neither that nor HOME is set.
std::string UserUnitPath();

}  // namespace halo
