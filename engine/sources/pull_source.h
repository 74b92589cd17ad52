// SPDX-License-Identifier: MIT
// Traces of a service on the network, in the order of their start, as documents that an importer of
// the service's exports reads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/service_connection.h"
#include "engine/sources/credentials.h"
#include "engine/sources/web_client.h"

namespace halo {

// Traces that started in [from, to), in nanoseconds since 1970.
struct PullWindow {
  std::int64_t from_ns = 0, to_ns = 0;
};

// One document. A trace with very many spans comes in several.
struct PulledDocument {
  std::string trace_id;
  std::string json;
};

struct PulledBatch {
  std::vector<PulledDocument> documents;
  std::int64_t traces = 0, spans = 0;
  // Every trace of the window that started before this is in this or an earlier batch.
  std::int64_t reached_ns = 0;
};

// What a service says it has. Absent: it does not say.
struct PullTotals {
  std::optional<std::int64_t> traces, spans;
};

// Not thread-safe.
class PullSource {
 public:
  virtual ~PullSource() = default;
  // The next batch; nullopt at the end of the window. After an error it can be called again.
  virtual Result<std::optional<PulledBatch>> Next(const std::stop_token& stop) = 0;
  // Counts the window without reading it.
  virtual Result<PullTotals> Count(const std::stop_token& stop) = 0;
  // Traces in the window, once known, for progress.
  virtual std::optional<std::int64_t> total_traces() const = 0;
  // What could not be read beside the spans, in sentences for the user.
  virtual std::vector<std::string> notes() const = 0;
};

// Where a pull is and what it selects, but not the window: the key of its stored position.
// Credentials are in it only as a hash of their public part.
Result<std::string> PullKey(const ServiceConnection& connection, const std::string& url,
                            const Credentials& credentials);

Result<std::unique_ptr<PullSource>> OpenPullSource(const ServiceConnection& connection,
                                                   const std::string& url,
                                                   const Credentials& credentials,
                                                   const PullWindow& window, const WebPace& pace);

// Defined with each service; see OpenPullSource.
std::unique_ptr<PullSource> OpenLangfuse(const ServiceConnection& connection,
                                         std::unique_ptr<WebClient> client, PullWindow window);
std::unique_ptr<PullSource> OpenPhoenix(const ServiceConnection& connection,
                                        std::unique_ptr<WebClient> client, PullWindow window);

}  // namespace halo
