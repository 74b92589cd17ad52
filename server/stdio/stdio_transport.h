// SPDX-License-Identifier: MIT
// MCP over a pair of pipes: one message a line.
#pragma once

#include <chrono>
#include <cstddef>

#include "server/methods/dispatcher.h"

namespace halo {

struct StdioOptions {
  int input = 0, output = 1;  // descriptors; output carries nothing else
  std::size_t max_line = 8 << 20;
  std::size_t max_threads = 64;  // calls that run at once
  // How long running calls have when the input has ended: first to answer, then, told to stop, to
  // end. Clients kill a server that has not ended after two seconds.
  std::chrono::milliseconds to_answer{800}, to_stop{800};
};

// Answers until the input ends. Reads on the calling thread, runs jobs on others, so that a slow
// call delays no other. A line over the bound gets an error, and the next one is read as usual.
// Ignores SIGPIPE for the whole process, since a client may leave at any time.
//
// False where a call did not end in time. Its thread then still uses the dispatcher, and the
// process should end (std::_Exit) without destroying that.
bool ServeStdio(const Dispatcher& dispatcher, const StdioOptions& options);

}  // namespace halo
