// SPDX-License-Identifier: MIT
// Runs that ended because a limit of the harness was reached.
#pragma once

#include <string_view>

namespace halo {

// A fixed class such as "max_turns", empty if the text speaks of no such limit. `text` is an error
// text, an exception class or a finish reason; its first 2 KB are looked at. A rate limit and
// Python's own recursion depth are no limits of the harness.
std::string_view LimitClass(std::string_view text);

// The same for the answer of an agent that stopped itself: only known opening words count.
std::string_view LimitClassOfAnswer(std::string_view text);

}  // namespace halo
