// SPDX-License-Identifier: MIT
// What one detector finds in a trace that was written by hand.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/detectors/all_detectors.h"
#include "tests/support/written_trace.h"

namespace halo {

inline const TraceDetector& DetectorNamed(std::string_view name) {
  for (const TraceDetector& detector : AllTraceDetectors()) {
    if (detector.name == name) return detector;
  }
  FAIL(name);
  throw;
}

inline std::vector<Finding> FoundIn(const Trace& trace, std::string_view detector) {
  std::vector<Finding> out;
  DetectorNamed(detector).find(trace, out);
  if (!out.empty()) CHECK(DetectorNamed(detector).eligible(trace));
  return out;
}

inline std::vector<Finding> FoundIn(const std::vector<Row>& rows, std::string_view detector) {
  Written written;
  return FoundIn(written.Of(rows), detector);
}

// The model call, with tools that it was offered.
inline Row Offered(Row row, const std::vector<std::string>& tools) {
  std::string list;
  for (const std::string& tool : tools) {
    list += (list.empty() ? "" : ",") + (R"({"type":"function","name":")" + tool + R"("})");
  }
  row.attributes.emplace_back("gen_ai.tool.definitions", "[" + list + "]");
  return row;
}

// An agent's span that returns an answer.
inline Row Returns(std::string answer, std::string status = {}) {
  Row row = Agent("agent");
  row.attributes.emplace_back("gen_ai.output.messages",
                              "[" + Says("assistant", std::move(answer)) + "]");
  row.error = std::move(status);
  return row;
}

}  // namespace halo
