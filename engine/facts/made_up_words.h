// SPDX-License-Identifier: MIT
// Words with which a model says that its data are assumed, simulated or invented. English only.
// Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// The first sentence, or line of code, that says so of the data it works with; empty if none does.
// Looks at the first 16 KB.
std::string_view FindMadeUp(std::string_view text);

// Whether a text speaks of made-up data at all: a request for them, or a result that holds them.
// Wider than FindMadeUp, so that what was asked for is not held against the model. Looks at the
// first 4 KB.
bool SpeaksOfMadeUp(std::string_view text);

}  // namespace halo
