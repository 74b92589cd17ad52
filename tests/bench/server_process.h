// SPDX-License-Identifier: MIT
// A server that runs as a child of the benchmark.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halo::bench {

struct ServerProcess {
  pid_t pid = 0;
  int input = -1;  // write end of its standard input
  std::uint16_t port = 0;

  void End() const;
};

// Starts a server and reads its port: the number after the last ':' or alone, in the first line
// that has `mark`. Ends the benchmark if there is none.
ServerProcess StartServer(const std::vector<std::string>& command, std::string_view mark);

}  // namespace halo::bench
