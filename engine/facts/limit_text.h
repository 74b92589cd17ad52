// SPDX-License-Identifier: MIT
// Recognises runs that ended because they reached a limit of the harness. Pure functions; any
// thread.
#pragma once

#include <string_view>

namespace halo {

// The class of the limit, such as "max_turns"; empty if the text mentions no such limit. `text` is
// an error text, an exception class or a finish reason; only its first 2 KB are examined. A rate
// limit and Python's own recursion depth are not limits of the harness.
std::string_view LimitClass(std::string_view text);

// The same for the answer of an agent that stopped on its own. Only known opening words count.
std::string_view LimitClassOfAnswer(std::string_view text);

}  // namespace halo
