// SPDX-License-Identifier: MIT
// Converts the arguments that narrow an answer to some spans of the runs. Any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/role_values.h"

namespace halo {

// kInvalidArgument names the kinds. An agent stands for all its instances, as in filters.
Result<SpanFilter> MakeSpanFilter(const std::optional<std::string>& kind,
                                  const std::optional<std::string>& agent,
                                  const std::optional<std::string>& tool,
                                  const std::optional<std::string>& operation);

}  // namespace halo
