// SPDX-License-Identifier: MIT
#include "server/http/metrics.h"

#include <unistd.h>

#include <charconv>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>

namespace halo {
namespace {

constexpr std::array<std::string_view, kHttpRoutes> kRouteNames = {
    "/mcp", "/healthz", "/metrics", "/v1", "/.well-known", "other"};

std::string_view NameOf(HttpRoute route) { return kRouteNames[static_cast<std::size_t>(route)]; }

std::string NumberText(double value) {
  std::array<char, 32> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return error == std::errc() ? std::string(buffer.data(), end) : "0";
}

void AppendHead(std::string& out, std::string_view name, std::string_view type,
                std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void AppendSample(std::string& out, std::string_view name, std::string_view labels, double value) {
  out.append(name).append(labels).append(" ").append(NumberText(value)).append("\n");
}

}  // namespace

void HttpMetrics::CountRequest(HttpRoute route, int status, std::chrono::nanoseconds took,
                               std::size_t bytes_in, std::size_t bytes_out) {
  {
    const std::lock_guard lock(mutex_);
    ++requests_[{route, status}];
  }
  bytes_in_ += bytes_in;
  bytes_out_ += bytes_out;
  Durations& durations = durations_[static_cast<std::size_t>(route)];
  const double seconds = std::chrono::duration<double>(took).count();
  std::size_t bucket = 0;
  while (bucket < Durations::kBounds.size() && seconds > Durations::kBounds[bucket]) ++bucket;
  ++durations.buckets[bucket];
  durations.nanoseconds += static_cast<std::uint64_t>(took.count());
}

std::string HttpMetrics::Text() const {
  std::string out;
  AppendHead(out, "halo_http_requests_total", "counter",
             "HTTP requests by route and status; status 0 if the connection was lost first.");
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, count] : requests_) {
      const std::string labels = "{route=\"" + std::string(NameOf(key.first)) + "\",status=\"" +
                                 std::to_string(key.second) + "\"}";
      AppendSample(out, "halo_http_requests_total", labels, static_cast<double>(count));
    }
  }
  AppendHead(out, "halo_http_request_duration_seconds", "histogram",
             "Time from the request head to the last byte of the response; for a stream, until it "
             "is closed.");
  for (std::size_t route = 0; route < kHttpRoutes; ++route) {
    const Durations& durations = durations_[route];
    const std::string label = "route=\"" + std::string(kRouteNames[route]) + "\"";
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < durations.buckets.size(); ++i) {
      count += durations.buckets[i];
      const std::string bound =
          i < Durations::kBounds.size() ? NumberText(Durations::kBounds[i]) : "+Inf";
      AppendSample(out, "halo_http_request_duration_seconds_bucket",
                   "{" + label + ",le=\"" + bound + "\"}", static_cast<double>(count));
    }
    AppendSample(out, "halo_http_request_duration_seconds_sum", "{" + label + "}",
                 static_cast<double>(durations.nanoseconds) / 1e9);
    AppendSample(out, "halo_http_request_duration_seconds_count", "{" + label + "}",
                 static_cast<double>(count));
  }
  AppendMetric(out, "halo_http_request_bytes_total", "counter", "Size of request bodies.",
               static_cast<double>(bytes_in_));
  AppendMetric(out, "halo_http_response_bytes_total", "counter", "Size of responses.",
               static_cast<double>(bytes_out_));
  AppendMetric(out, "halo_http_connections", "gauge", "Open connections.",
               static_cast<double>(connections_));
  AppendMetric(out, "halo_http_connections_refused_total", "counter",
               "Connections refused because the limit was reached.",
               static_cast<double>(refused_connections_));
  AppendMetric(out, "halo_http_streams", "gauge", "Open event streams.",
               static_cast<double>(streams_));
  AppendMetric(out, "halo_calls_under_way", "gauge", "Calls in progress.",
               static_cast<double>(calls_));
  return out;
}

void AppendMetric(std::string& out, std::string_view name, std::string_view type,
                  std::string_view help, double value) {
  AppendHead(out, name, type, help);
  AppendSample(out, name, {}, value);
}

void AppendProcessMetrics(std::string& out) {
  std::ifstream statm("/proc/self/statm");
  std::int64_t pages = 0, resident = 0;
  statm >> pages >> resident;
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  AppendMetric(out, "process_resident_memory_bytes", "gauge", "Resident memory.",
               static_cast<double>(resident) * page);
  AppendMetric(out, "process_virtual_memory_bytes", "gauge", "Virtual memory.",
               static_cast<double>(pages) * page);
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error), end;
  if (!error) {
    AppendMetric(out, "process_open_fds", "gauge", "Open file descriptors.",
                 static_cast<double>(std::distance(files, end)));
  }
  AppendMetric(out, "process_cpu_seconds_total", "counter", "User and system time.",
               static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
}

}  // namespace halo
