// SPDX-License-Identifier: MIT
// Words with which a model claims that it searched, checked or read a source. English only. Pure
// function; any thread.
#pragma once

#include <string_view>

namespace halo {

// The first sentence that says so; empty if none does. Looks at the first 4000 bytes. A denial, a
// question and what somebody else did are no claims.
std::string_view FindClaim(std::string_view text);

}  // namespace halo
