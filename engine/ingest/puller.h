// SPDX-License-Identifier: MIT
// Pulls the traces of a connection into a store. The store keeps, per connection and filter, the
// time span that has been pulled, together with its spans: a pull that was interrupted goes on
// where it stopped, and a later one reads what is new, and again what started in the last
// `overlap`, for spans and scores that came late. What is stored already is not stored twice.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/ingest/ingest_report.h"
#include "engine/ingest/rules.h"
#include "engine/model/service_connection.h"
#include "engine/sources/credentials.h"
#include "engine/sources/pull_source.h"
#include "engine/sources/web_client.h"
#include "engine/store/store.h"

namespace halo {

struct PullOptions {
  // Traces that started in [from, to), in nanoseconds since 1970. Absent: all; until now.
  std::optional<std::int64_t> from_ns, to_ns;
  std::chrono::seconds overlap = std::chrono::hours(24);
  bool again = false;    // forget what was pulled before
  bool dry_run = false;  // only count
  Progress progress;
  std::stop_token stop;
  Environment environment = ProcessEnvironment;
  WebPace pace{};
};

struct PullReport {
  std::int64_t traces = 0, spans = 0;  // read
  PullTotals found;                    // of a dry run
  AppendReceipt stored;
  std::map<std::string, std::int64_t> rejects;  // by reason
  std::int64_t from_ns = 0, to_ns = 0;          // what was asked for
  bool resumed = false;                         // an earlier pull had read what was before from_ns
  bool stopped = false;
  // The error that ended the pull early, after something was stored.
  std::optional<Error> broken{};
  std::vector<std::string> notes;
  double seconds = 0;
};

// Fails if nothing could be read: kInvalidArgument for wrong addresses and credentials,
// kUnavailable if the service cannot be reached or another process is pulling the same.
Result<PullReport> PullTraces(Store& store, const Rules& rules, int threads,
                              const ServiceConnection& connection, const PullOptions& options);

}  // namespace halo
