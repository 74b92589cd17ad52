// SPDX-License-Identifier: MIT
// Changes one table in the text of a TOML document and preserves every other byte. Each result is
// parsed again and compared with the intended document. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// Sets the keys of the table [parent.name], which is appended if it does not exist, and removes the
// keys of `dropped` that are not in `keys`. Values are strings and arrays of strings. Fails, naming
// the line, if the document does not parse, and if the table has no header of its own.
Result<std::string> SetTomlTable(std::string_view text, const std::string& parent,
                                 const std::string& name, const boost::json::object& keys,
                                 const std::vector<std::string>& dropped);

// Removes the table and its subtables. Returns the same text if there is none.
Result<std::string> RemoveTomlTable(std::string_view text, const std::string& parent,
                                    const std::string& name);

}  // namespace halo
