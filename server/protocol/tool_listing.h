// SPDX-License-Identifier: MIT
// Tools as `tools/list` publishes them. Pure; any thread.
#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "server/protocol/icon.h"
#include "server/protocol/revision.h"
#include "tools/answer/tool.h"

namespace halo {

// One tool, with the members that `revision` defines. Nested members of the output schema that only
// give a name and a type are omitted: clients keep this list in a model's context. The full schemas
// are in halo://schema.
boost::json::object ListedTool(const ToolInfo& info, const boost::json::object& input_schema,
                               const boost::json::object& output_schema, std::string_view icon,
                               Revision revision);

// In alphabetical order. T is Tool or ServedTool.
template <class T>
boost::json::array ToolListing(const std::vector<T>& tools, Revision revision,
                               std::string_view icon = kHaloIcon) {
  std::vector<const T*> sorted;
  for (const T& tool : tools) sorted.push_back(&tool);
  std::sort(sorted.begin(), sorted.end(),
            [](const T* a, const T* b) { return a->info.name < b->info.name; });
  boost::json::array listing;
  for (const T* tool : sorted) {
    listing.push_back(
        ListedTool(tool->info, tool->input_schema, tool->output_schema, icon, revision));
  }
  return listing;
}

}  // namespace halo
