// SPDX-License-Identifier: MIT
// What the fakes of tracing services share.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/support/scripted_server.h"

namespace halo {

inline constexpr std::int64_t kSecond = 1'000'000'000;

inline ServedAnswer JsonAnswer(const boost::json::value& value, int status = 200) {
  return {status, boost::json::serialize(value), {{"Content-Type", "application/json"}}};
}

// The id of the span at `index` of a trace, whose id ends with a number in hex.
inline std::string FakeSpanId(const std::string& trace_id, int index) {
  char text[17];
  std::snprintf(text, sizeof text, "%016x",
                static_cast<unsigned>(std::stoul(trace_id.substr(24), nullptr, 16) * 1000 +
                                      static_cast<unsigned>(index) + 1));
  return text;
}

}  // namespace halo
