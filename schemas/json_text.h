// SPDX-License-Identifier: MIT
// JSON text in and out, the way this program wants it. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace halo {

// Compact JSON. Numbers are plain decimals (0.5, where Boost prints 5E-1); what is not finite
// becomes null.
std::string Serialise(const boost::json::value& value);
// Its size, without the text.
std::size_t SerialisedBytes(const boost::json::value& value);
std::size_t SerialisedBytes(const boost::json::object& object);

// A number as a plain decimal, in the fewest digits that read back as the same double.
std::string FormatNumber(double number);

// The double with six significant digits: more would only cost its reader tokens.
double RoundForReading(double number);

}  // namespace halo
