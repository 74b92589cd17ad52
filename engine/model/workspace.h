// SPDX-License-Identifier: MIT
// Where a program was started, and what the repository around it is bound to: the projects and
// services that it is asked about by default. One store serves all repositories; this belongs to
// the program, not to the store. Immutable; any thread.
#pragma once

#include <string>
#include <vector>

namespace halo {

struct Workspace {
  std::string folder;  // empty: unknown
  // From the nearest halo.toml. A trace belongs to them if its project or its service is named.
  std::vector<std::string> projects{}, services{};
  bool unreadable = false;  // that halo.toml could not be read, so nothing is bound

  bool bound() const { return !projects.empty() || !services.empty(); }
};

}  // namespace halo
