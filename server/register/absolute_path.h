// SPDX-License-Identifier: MIT
// Paths for the configuration of programs that start halo-mcp in another folder. Any thread.
#pragma once

#include <string>

namespace halo {

// The value of an environment variable; empty if it is not set.
std::string EnvironmentText(const char* name);

// Shells do not expand the ~ in --traces=~/traces.
std::string AbsolutePath(const std::string& path);
// The path of a store, with or without "sqlite:", is made absolute; other URLs stay as they are.
std::string AbsoluteStore(const std::string& url);

}  // namespace halo
