// SPDX-License-Identifier: MIT
// Arguments as clients really send them. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace halo {

struct FittedArguments {
  boost::json::value value;
  std::string note{};  // a sentence about arguments that were left out, empty for none
};

// What the input schema asks for, where what was given says it unambiguously: an object, array,
// number, boolean or word as JSON text, one value in place of a list of one, an integer where a
// text is asked for, blank for an optional argument that is not text. A text that is asked for
// stays as it is. Clients add arguments of their own, so unknown ones are left out; unknown members
// of inner objects stay. What does not fit stays too, for the reader to refuse.
FittedArguments FitArguments(const boost::json::value& given, const boost::json::object& schema,
                             std::string_view owner);

}  // namespace halo
