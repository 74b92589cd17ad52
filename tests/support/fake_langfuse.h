// SPDX-License-Identifier: MIT
// A project of Langfuse behind its public API, as far as a pull asks for it. Versions differ in
// which endpoints they have.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/scripted_server.h"

namespace halo {

struct FakeScore {
  std::string id, name, value_json, data_type, observation;  // of the trace, unless it names one
};

struct FakeTrace {
  std::string id, name, user, session, environment, version;
  std::vector<std::string> tags;
  std::int64_t start_ns = 0;
  int observations = 0;
  std::string status_message;  // of the last observation; not empty: it has failed
  std::vector<FakeScore> scores;
};

// A trace with an agent, model calls and tools in turn.
FakeTrace MakeFakeTrace(int number, int observations);

class FakeLangfuse {
 public:
  static constexpr const char* kPublic = "pk-lf-0001";
  static constexpr const char* kSecret = "sk-lf-do-not-store-me";

  std::vector<FakeTrace> traces;  // oldest first
  // Endpoints that this version does not have.
  std::set<std::string, std::less<>> missing;
  int page_size = 1000;       // of v2 observations, at most
  bool repeat_pages = false;  // every page of traces begins with the last trace of the one before
  // May answer instead, for instance with a fault.
  std::function<std::optional<ServedAnswer>(const ServedRequest&)> before;

  ServedAnswer Answer(const ServedRequest& request);

 private:
  ServedAnswer Traces(const ServedRequest& request);
  ServedAnswer OneTrace(const std::string& id);
  ServedAnswer Observations(const ServedRequest& request);
  ServedAnswer Legacy(const ServedRequest& request);
  ServedAnswer Scores(const ServedRequest& request);
  ServedAnswer ScoresById(const ServedRequest& request);
};

}  // namespace halo
