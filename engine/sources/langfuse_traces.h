// SPDX-License-Identifier: MIT
// The traces of a Langfuse project, page by page, before their observations are read.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/service_connection.h"
#include "engine/sources/pull_source.h"
#include "engine/sources/web_client.h"

namespace halo::langfuse {

struct Trace {
  std::string id;
  std::int64_t time_ns = 0;
  std::string members;                 // its JSON without braces, observations and scores
  std::vector<std::string> score_ids;  // where the list has only these
  std::vector<std::string> scores, observations;  // JSON objects
  std::size_t bytes = 0;                          // of the observations
};

// A trace from its JSON object as the API writes it, with whole observations and scores, or ids.
Trace ParseTrace(std::string_view object);

// Not thread-safe. The client must outlive it.
class TraceList {
 public:
  TraceList(const ServiceConnection& filter, PullWindow window, WebClient& client)
      : filter_(filter), window_(window), client_(client) {}

  // The next traces, oldest first, at most 100; empty at the end.
  Result<std::vector<Trace>> Next(const std::stop_token& stop);
  // How many there are; nullopt if the service does not say.
  Result<std::optional<std::int64_t>> Count(const std::stop_token& stop);

  std::optional<std::int64_t> total() const { return total_; }
  // Every trace before this time has been returned.
  std::int64_t reached_ns() const { return in_order_ ? reached_ns_ : window_.from_ns; }

 private:
  Result<WebReply> AskForPage(int page, int limit, const std::stop_token& stop);
  Result<std::vector<Trace>> NextPage(const std::stop_token& stop);
  // Servers of version 4 list observations only: reads the roots of all traces of the window.
  Result<void> ReadRoots(const std::stop_token& stop);
  std::vector<Trace> TakeRoots();
  void Advance(const std::vector<Trace>& traces);

  const ServiceConnection filter_;
  const PullWindow window_;
  WebClient& client_;
  int page_ = 1;
  bool ended_ = false, with_fields_ = true, in_order_ = true;
  std::int64_t reached_ns_ = 0;
  std::optional<std::int64_t> total_;
  std::set<std::string> last_page_;          // ids: a page may be repeated when traces arrive
  std::optional<std::vector<Trace>> roots_;  // newest first; set for servers of version 4
};

}  // namespace halo::langfuse
