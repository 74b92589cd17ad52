// SPDX-License-Identifier: MIT
// Converts arguments, as clients really send them, to what the schema asks for. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace halo {

struct FittedArguments {
  boost::json::value value;
  std::string note{};  // a sentence that names the arguments that were dropped; empty if none were
};

// Converts values where their meaning is unambiguous: an object, array, number, boolean or enum
// value given as JSON text, a single value given for a list, an integer or boolean given for a
// string, and blank text given for an optional argument that is not a string (null). Strings are
// not changed. Clients add arguments of their own, so unknown ones are dropped; unknown members of
// inner objects are kept. Values that do not fit are kept too, so that Read refuses them. `owner`
// is the tool's name, for the note.
FittedArguments FitArguments(const boost::json::value& given, const boost::json::object& schema,
                             std::string_view owner);

}  // namespace halo
