// SPDX-License-Identifier: MIT
// Changes single values in the text of a JSON document and leaves every other byte of it alone:
// comments, order, white space. Each result is parsed again and held against what was meant.
// Pure; any thread. The documents nest at most 256 levels.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// Keys from the root down.
using JsonPath = std::vector<std::string>;

enum class JsonDialect {
  kStrict,
  kWithComments,  // and trailing commas, as editors write it
};

// An empty text is an empty object. The root must be an object. Errors name the line.
Result<boost::json::value> ParseJsonText(std::string_view text, JsonDialect dialect);

// Puts `value` at the path, with the objects that lead there. An error where something on the way
// is no object.
Result<std::string> SetJsonValue(std::string_view text, const JsonPath& path,
                                 const boost::json::value& value, JsonDialect dialect);

// Takes the last key of the path out of its object. The same text where there is none.
Result<std::string> RemoveJsonValue(std::string_view text, const JsonPath& path,
                                    JsonDialect dialect);

// The value at the path, or null.
const boost::json::value* FindJsonValue(const boost::json::value& root, const JsonPath& path);

}  // namespace halo
