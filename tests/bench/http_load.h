// SPDX-License-Identifier: MIT
// Repeats one request over several keep-alive connections, from one thread, and records how each
// request was answered.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace halo::bench {

struct Load {
  std::uint16_t port = 0;
  std::string request;  // as bytes
  int connections = 1;
  double seconds = 1;
  // Called now and then; the load goes on while it returns true and for at most `seconds`.
  std::function<bool()> goes_on{};
};

struct LoadResult {
  std::uint64_t answered = 0;
  std::uint64_t lost = 0;               // sent and never answered
  std::map<int, std::uint64_t> status;  // how often
  std::uint64_t wrong = 0;              // with another body than the first one
  double seconds = 0;
  std::vector<double> latencies;  // in seconds

  double PerSecond() const { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
};

LoadResult RunLoad(const Load& load);

// The answer to one request on a connection of its own; its body, or empty.
std::string AskOnce(std::uint16_t port, std::string_view request, int* status = nullptr);
// A connection on which only these bytes are sent. The descriptor, to be closed.
int ConnectAndSend(std::uint16_t port, std::string_view bytes);

}  // namespace halo::bench
