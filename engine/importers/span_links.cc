// SPDX-License-Identifier: MIT
#include "engine/importers/span_links.h"

#include "schemas/json_string.h"

namespace halo {

void AppendSpanLink(const SpanLink& link, std::string& list) {
  list += list.size() > 1 ? ",{\"trace_id\":" : "{\"trace_id\":";
  AppendJsonString(link.trace_id, list);
  list += ",\"span_id\":";
  AppendJsonString(link.span_id, list);
  if (link.attributes.size() > 2) list.append(",\"attributes\":").append(link.attributes);
  list += '}';
}

}  // namespace halo
