// SPDX-License-Identifier: MIT
// Reads the two sides of a comparison from arguments. Any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/common.h"

namespace halo {

// The filters of a side, given as texts, over those that both sides have. The error names the field
// of the side, as `$.a.agent`.
Result<std::optional<wire::Filters>> SideFilters(const std::optional<wire::Filters>& both,
                                                 const std::map<std::string, std::string>& given,
                                                 std::string_view side);

// The error of a filter with the name of its side: `$.a.since` for `$.filters.since`.
Error OfSide(Error error, std::string_view side);

}  // namespace halo
