// SPDX-License-Identifier: MIT
// The values of a stored span, by the paths that answers use for them. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/model/span.h"

namespace halo {

struct SpanValue {
  std::string path;  // in the form that ValueAt accepts
  Value value;
};

// Status message first, then attributes, events and the resource, in their stored order.
std::vector<SpanValue> ValuesOf(const Span& span);

// Null, numbers and booleans as JSON writes them; text unchanged.
std::string ValueText(const Value& value);

// The text at a path, which may be in the escaped form in which answers show it. kNotFound names
// the nearest path.
Result<std::string> ValueAtPath(const Span& span, std::string_view path);

}  // namespace halo
