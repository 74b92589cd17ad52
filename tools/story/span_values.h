// SPDX-License-Identifier: MIT
// All values of a stored span under the paths by which answers name them. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/span.h"

namespace halo {

struct SpanValue {
  std::string path;  // as ValueAt takes it
  Value value;
};

// Status message first, then attributes, events and the resource, in their stored order.
std::vector<SpanValue> ValuesOf(const Span& span);

// Numbers and truths as JSON writes them; texts as they are.
std::string ValueText(const Value& value);

// The text under a path, which may be written as answers show it (a TraceId). kNotFound names the
// nearest path.
Result<std::string> ValueAtPath(const Span& span, std::string_view path);

}  // namespace halo
