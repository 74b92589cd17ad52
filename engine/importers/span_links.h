// SPDX-License-Identifier: MIT
// The links of a span as they are stored, one JSON list:
// [{"trace_id": ..., "span_id": ..., "attributes": {...}}, ...].
#pragma once

#include <string>
#include <string_view>

namespace halo {

struct SpanLink {
  std::string_view trace_id, span_id;
  std::string attributes;  // a JSON object; it may be empty
};

// Appends to a list that was begun with a bracket and is not closed yet.
void AppendSpanLink(const SpanLink& link, std::string& list);

}  // namespace halo
