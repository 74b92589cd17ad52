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
// give a name and a type are omitted, and so are what nested members mean: clients keep this list
// in a model's context. The full schemas are in halo://schema.
boost::json::object ListedTool(const ToolInfo& info, const boost::json::object& input_schema,
                               const boost::json::object& output_schema, std::string_view icon,
                               Revision revision);

// Replaces objects of many members, such as filters, by some of their names and the tool that lists
// them in full.
boost::json::object BriefInput(const boost::json::object& input_schema, std::string_view full_in);

// The tool that lists an object of many members in full: the first that clients always load.
template <class T>
std::string_view FullListing(const std::vector<const T*>& sorted) {
  const auto found = std::find_if(sorted.begin(), sorted.end(),
                                  [](const T* tool) { return tool->info.always_load; });
  return found == sorted.end() ? std::string_view() : (*found)->info.name;
}

// In alphabetical order. T is Tool or ServedTool.
template <class T>
boost::json::array ToolListing(const std::vector<T>& tools, Revision revision,
                               std::string_view icon = kHaloIcon) {
  std::vector<const T*> sorted;
  for (const T& tool : tools) sorted.push_back(&tool);
  std::sort(sorted.begin(), sorted.end(),
            [](const T* a, const T* b) { return a->info.name < b->info.name; });
  const std::string_view full_in = FullListing(sorted);
  boost::json::array listing;
  for (const T* tool : sorted) {
    const bool is_brief = !full_in.empty() && tool->info.name != full_in;
    listing.push_back(ListedTool(
        tool->info, is_brief ? BriefInput(tool->input_schema, full_in) : tool->input_schema,
        tool->output_schema, icon, revision));
  }
  return listing;
}

}  // namespace halo
