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
  std::string request;  // raw bytes
  int connections = 1;
  double seconds = 1;
  // Called repeatedly; the load ends once it returns false, at the latest after `seconds`.
  std::function<bool()> goes_on{};
};

struct LoadResult {
  std::uint64_t answered = 0;
  std::uint64_t lost = 0;               // sent and never answered
  std::map<int, std::uint64_t> status;  // number of answers by status
  std::uint64_t wrong = 0;              // answers whose body differs from the first one
  double seconds = 0;
  std::vector<double> latencies;  // in seconds

  double PerSecond() const { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
};

LoadResult RunLoad(const Load& load);

// Sends one request on a new connection. Returns the body of the answer, or an empty string.
std::string AskOnce(std::uint16_t port, std::string_view request, int* status = nullptr);
// Sends only these bytes on a new connection. Returns its descriptor, which the caller closes.
int ConnectAndSend(std::uint16_t port, std::string_view bytes);

}  // namespace halo::bench
