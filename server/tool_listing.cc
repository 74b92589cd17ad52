// SPDX-License-Identifier: MIT
#include "server/tool_listing.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>
#include <vector>

namespace halo {
namespace {

namespace json = boost::json;

json::object Hints(const Annotations& annotations) {
  json::object hints{{"readOnlyHint", annotations.read_only}};
  // The protocol gives these two a meaning only where a tool writes.
  if (!annotations.read_only) {
    hints.emplace("destructiveHint", annotations.destructive);
    hints.emplace("idempotentHint", annotations.idempotent);
  }
  hints.emplace("openWorldHint", annotations.open_world);
  return hints;
}

// What Claude Code reads: whether to show a tool without a search, and what to find it by.
json::object ClientHints(const ToolInfo& info) {
  json::object hints;
  if (info.always_load) hints.emplace("anthropic/alwaysLoad", true);
  if (!info.search_hint.empty()) hints.emplace("anthropic/searchHint", info.search_hint);
  return hints;
}

json::object Listed(const Tool& tool, Revision revision) {
  const ToolInfo& info = tool.info;
  json::object listed{{"name", info.name}};
  if (revision >= Revision::k2025_06_18) listed.emplace("title", info.title);
  listed.emplace("description", info.description);
  listed.emplace("inputSchema", tool.input_schema);
  if (revision >= Revision::k2025_06_18) listed.emplace("outputSchema", tool.output_schema);
  if (revision >= Revision::k2025_03_26) listed.emplace("annotations", Hints(info.annotations));
  if (revision >= Revision::k2025_06_18) {
    if (json::object hints = ClientHints(info); !hints.empty()) {
      listed.emplace("_meta", std::move(hints));
    }
  }
  return listed;
}

}  // namespace

json::value ToolListing(std::span<const Tool> tools, Revision revision) {
  std::vector<const Tool*> sorted;
  for (const Tool& tool : tools) sorted.push_back(&tool);
  std::sort(sorted.begin(), sorted.end(),
            [](const Tool* a, const Tool* b) { return a->info.name < b->info.name; });
  json::array listing;
  for (const Tool* tool : sorted) listing.push_back(Listed(*tool, revision));
  return listing;
}

}  // namespace halo
