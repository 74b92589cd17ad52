// SPDX-License-Identifier: MIT
// A service to pull traces from, as halo.toml or the command line names it. It holds no secret: the
// credentials are in the environment or in a file of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

enum class Service : std::uint8_t { kLangfuse, kPhoenix };

inline std::string_view ServiceName(Service service) {
  return service == Service::kLangfuse ? "langfuse" : "phoenix";
}

struct ServiceConnection {
  std::string name;
  Service service = Service::kLangfuse;
  std::string url;          // empty: from the environment, else the service's usual address
  std::string credentials;  // path of a file with mode 0600; empty: from the environment
  std::string project;      // namespace in the store; empty: by attribute, else "default"

  // Phoenix only: the project to read. Langfuse's keys belong to one project.
  std::string source_project = "default";
  // Langfuse only: which traces to read. Empty: all.
  std::vector<std::string> environments;  // any of them
  std::vector<std::string> tags;          // all of them
  std::string user, session, trace_name, version;
};

}  // namespace halo
