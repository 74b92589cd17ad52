// SPDX-License-Identifier: MIT
// Reads the rules of a halo.toml.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/toml.h"
#include "engine/model/rule.h"

namespace halo {

// The tables [[rule]] in `node`, the value of the key `rule`. kInvalidArgument names the line and
// the key, and says what to do: a key is unknown, a filter is empty or says what a run does not
// decide by itself, or two rules have one name.
Result<std::vector<Rule>> ReadRules(const toml::node& node);

// The rules as text that ReadRules reads back.
std::string RulesText(const std::vector<Rule>& rules);

}  // namespace halo
