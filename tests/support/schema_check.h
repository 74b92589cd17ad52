// SPDX-License-Identifier: MIT
// Validates an answer against its schema. Supports the JSON Schema keywords that tools publish, and
// is stricter in one point: a member that the schema does not name is an error.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

namespace halo {

// The path and description of the first violation; empty if there is none.
std::string CheckSchema(const boost::json::value& value, const boost::json::object& schema,
                        const std::string& path = "$");

}  // namespace halo
