// SPDX-License-Identifier: MIT
// A log record of OTLP, as its readers fill it. The views are valid as long as the input and the
// arena of the reader.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/model/span.h"

namespace halo {

struct LogRecord {
  // Keeps the memory of the attributes.
  void Clear() {
    attributes.clear();
    time_ns = observed_ns = 0;
    event_name = trace_id = span_id = {};
    body = {};
    where = nullptr;
  }

  std::int64_t time_ns = 0, observed_ns = 0;  // since the Unix epoch; 0: not given
  std::string_view event_name;                // the field; older emitters write an attribute
  std::string_view trace_id, span_id;         // canonical; empty: the record is of no span
  Value body;
  std::vector<Attribute> attributes;
  const char* where = nullptr;  // where the record begins in the input
};

}  // namespace halo
