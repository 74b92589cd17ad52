// SPDX-License-Identifier: MIT
// Changes one table in the text of a TOML document and leaves every other byte of it alone. Each
// result is parsed again and held against what was meant. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// Puts the keys into the table [parent.name], which is made at the end where there is none, and
// takes those of `dropped` out that are not among them. Values are strings and arrays of strings.
// An error where the document does not parse, with its line, or has the table in a form without a
// header of its own.
Result<std::string> SetTomlTable(std::string_view text, const std::string& parent,
                                 const std::string& name, const boost::json::object& keys,
                                 const std::vector<std::string>& dropped);

// Takes the table and those below it out. The same text where there is none.
Result<std::string> RemoveTomlTable(std::string_view text, const std::string& parent,
                                    const std::string& name);

}  // namespace halo
