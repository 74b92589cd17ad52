// SPDX-License-Identifier: MIT
// JSON values and numbers as compact text. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

// Compact JSON. Numbers are plain decimals (0.5, where Boost prints 5E-1); infinity and NaN
// become null.
std::string Serialise(const boost::json::value& value);
// The size of that text in bytes, without writing it.
std::size_t SerialisedBytes(const boost::json::value& value);
std::size_t SerialisedBytes(const boost::json::object& object);

// A number as a plain decimal with the fewest digits that parse to the same double.
std::string FormatNumber(double number);

// Rounds to six significant digits: more would only cost the model tokens.
double RoundForReading(double number);

}  // namespace halo
