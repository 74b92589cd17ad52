// SPDX-License-Identifier: MIT
// JSON text in and out, the way this program wants it. Pure; any thread.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace halo {

// Compact JSON. Numbers are plain decimals (0.5, where Boost prints 5E-1); what is not finite
// becomes null.
std::string Serialise(const boost::json::value& value);

// A number as a plain decimal, in the fewest digits that read back as the same double.
std::string FormatNumber(double number);

// The double with six significant digits: more would only cost its reader tokens.
double RoundForReading(double number);

}  // namespace halo
