// SPDX-License-Identifier: MIT
// Tools as `tools/list` publishes them. Pure; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <span>

#include "server/revision.h"
#include "tools/tool.h"

namespace halo {

// An array in alphabetical order, each tool with what `revision` has words for.
boost::json::value ToolListing(std::span<const Tool> tools, Revision revision);

}  // namespace halo
