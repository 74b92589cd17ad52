// SPDX-License-Identifier: MIT
// MCP over a pair of pipes, one message per line.
#pragma once

#include <chrono>
#include <cstddef>

#include "server/methods/dispatcher.h"

namespace halo {

struct StdioOptions {
  int input = 0, output = 1;  // file descriptors; nothing else may write to output
  std::size_t max_line = 8 << 20;
  std::size_t max_threads = 64;  // calls in progress at once
  // When the input ends, running calls first have `to_answer` to finish, then `to_stop` to stop.
  // Clients kill a server that has not exited after two seconds.
  std::chrono::milliseconds to_answer{800}, to_stop{800};
};

// Serves until the input ends. Reads on the calling thread and runs jobs on others, so that a slow
// call does not delay the rest. A line over the limit gets an error, and reading continues. Ignores
// SIGPIPE for the whole process, since a client may exit at any time.
//
// Returns at once, and logs why, if the system refuses it a thread.
//
// Returns false if a call did not end in time. Its thread still uses the dispatcher, so the process
// should exit (std::_Exit) without destroying it.
bool ServeStdio(const Dispatcher& dispatcher, const StdioOptions& options);

}  // namespace halo
