// SPDX-License-Identifier: MIT
// A project of Arize Phoenix behind its REST API, as far as a pull asks for it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/scripted_server.h"

namespace halo {

struct FakePhoenixTrace {
  std::string id;
  std::int64_t start_ns = 0;
  int spans = 0;
  std::string label;        // of an annotation of its root
  std::string trace_label;  // of an annotation of the trace
};

FakePhoenixTrace MakeFakePhoenixTrace(int number, int spans);

class FakePhoenix {
 public:
  static constexpr const char* kSecret = "phoenix-do-not-store-me";

  std::vector<FakePhoenixTrace> traces;        // oldest first
  std::set<std::string, std::less<>> missing;  // last parts of paths, such as "traces"
  std::size_t page_size = 1000;
  std::function<std::optional<ServedAnswer>(const ServedRequest&)> before;

  ServedAnswer Answer(const ServedRequest& request);

 private:
  ServedAnswer Traces(const ServedRequest& request);
  ServedAnswer Spans(const ServedRequest& request);
  ServedAnswer Annotations(const ServedRequest& request, bool of_traces);
};

}  // namespace halo
