// SPDX-License-Identifier: MIT
// Does an answer keep the promise of its schema? Knows the words of JSON Schema that tools publish,
// and is stricter than it in one point: a member that the schema does not name is an error.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

namespace halo {

// Empty, or the path of the first breach and what it is.
std::string CheckSchema(const boost::json::value& value, const boost::json::object& schema,
                        const std::string& path = "$");

}  // namespace halo
