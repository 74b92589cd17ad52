// SPDX-License-Identifier: MIT
// Tells a tool that refuses by a rule of its business ("this order has already shipped") from one
// that is broken. Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether the signature of a tool's error says that a rule of the business forbids what was asked.
// `type`: exception class or code of the error; empty if it has none.
//
// A refusal has no exception class and no status code, since nothing raised it: the tool worked,
// and answered. Its words name the state or the rule that forbids: "already shipped", "not
// eligible", "outside the return window", "insufficient balance". What was looked up and not found
// is no refusal, and neither is a call with wrong arguments.
bool IsDomainRefusal(std::string_view type, std::string_view signature);

}  // namespace halo
