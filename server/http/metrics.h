// SPDX-License-Identifier: MIT
// Metrics of the HTTP server, in the Prometheus text format 0.0.4. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace halo {

enum class HttpRoute { kMcp, kHealth, kMetrics, kTelemetry, kWellKnown, kOther };
inline constexpr std::size_t kHttpRoutes = 6;

class HttpMetrics {
 public:
  // Counts a request that was answered or refused, or whose connection was lost (status 0).
  void CountRequest(HttpRoute route, int status, std::chrono::nanoseconds took,
                    std::size_t bytes_in, std::size_t bytes_out);
  void ChangeConnections(int by) { connections_ += by; }
  void ChangeStreams(int by) { streams_ += by; }
  void ChangeCalls(int by) { calls_ += by; }
  void CountRefusedConnection() { ++refused_connections_; }
  std::int64_t calls() const { return calls_; }

  std::string Text() const;

 private:
  struct Durations {
    static constexpr std::array<double, 10> kBounds = {0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                       0.05,   0.25,  1,      5,     30};
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets{};
    std::atomic<std::uint64_t> nanoseconds{0};
  };

  mutable std::mutex mutex_;
  std::map<std::pair<HttpRoute, int>, std::uint64_t> requests_;  // by status
  std::array<Durations, kHttpRoutes> durations_;
  std::atomic<std::uint64_t> bytes_in_{0}, bytes_out_{0}, refused_connections_{0};
  std::atomic<std::int64_t> connections_{0}, streams_{0}, calls_{0};
};

// Appends a metric without labels, with its help and type.
void AppendMetric(std::string& out, std::string_view name, std::string_view type,
                  std::string_view help, double value);
// Appends memory, open files and CPU time of this process.
void AppendProcessMetrics(std::string& out);

}  // namespace halo
