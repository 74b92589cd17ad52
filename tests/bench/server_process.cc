// SPDX-License-Identifier: MIT
#include "tests/bench/server_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/measure.h"

namespace halo::bench {

void ServerProcess::End() const {
  ::close(input);
  Stop(pid);
}

ServerProcess StartServer(const std::vector<std::string>& command, std::string_view mark) {
  std::array<int, 2> in{}, out{};
  if (::pipe(in.data()) != 0 || ::pipe(out.data()) != 0) Fail("no pipes");
  ::fcntl(in[1], F_SETFD, FD_CLOEXEC);
  ServerProcess process;
  process.pid = Start(command, in[0], out[1]);
  process.input = in[1];
  ::close(in[0]);
  ::close(out[1]);
  std::FILE* lines = ::fdopen(out[0], "r");
  std::array<char, 512> line;
  while (std::fgets(line.data(), static_cast<int>(line.size()), lines)) {
    const std::string_view text(line.data());
    if (text.find(mark) == text.npos) continue;
    const std::size_t colon = text.rfind(':');
    process.port =
        static_cast<std::uint16_t>(std::atoi(text.data() + (colon == text.npos ? 0 : colon + 1)));
    break;
  }
  std::fclose(lines);
  if (process.port == 0) Fail("no port from " + command[0]);
  return process;
}

}  // namespace halo::bench
