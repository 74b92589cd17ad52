// SPDX-License-Identifier: MIT
#include "tests/bench/receiver_load.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/bench/measure.h"
#include "tests/support/http_client.h"

namespace halo::bench {
namespace {

// Messages one after another are one message that has the resources of all.
std::vector<std::string> BodiesOf(const std::string& file, std::size_t per_body) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::string> bodies;
  std::size_t messages = 0;
  for (std::size_t at = 0; at + 4 <= bytes.size();) {
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[at++]);
    if (messages++ % per_body == 0) bodies.emplace_back();
    bodies.back().append(bytes, at, size);
    at += size;
  }
  return bodies;
}

}  // namespace

double ExportAll(std::uint16_t port, const std::string& file, std::size_t per_body,
                 int connections) {
  const std::vector<std::string> bodies = BodiesOf(file, per_body);
  std::atomic<std::size_t> next{0}, refused{0};
  const double start = WallSeconds();
  {
    std::vector<std::jthread> exporters;
    for (int i = 0; i < connections; ++i) {
      exporters.emplace_back([&] {
        HttpClient client(port);
        for (std::size_t at; (at = next++) < bodies.size();) {
          client.Send("POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                      "\r\nContent-Type: application/x-protobuf\r\nContent-Length: " +
                      std::to_string(bodies[at].size()) + "\r\n\r\n");
          client.Send(bodies[at]);
          const std::optional<HttpReply> reply = client.Receive();
          if (!reply || reply->status != 200) ++refused;
          if (!reply) return;
        }
      });
    }
  }
  if (refused > 0) Fail("the receiver refused " + std::to_string(refused) + " bodies");
  return WallSeconds() - start;
}

}  // namespace halo::bench
