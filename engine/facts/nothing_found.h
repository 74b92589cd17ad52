// SPDX-License-Identifier: MIT
// Recognises a result that says that there is nothing of what was asked for. Pure; any thread.
#pragma once

#include <string_view>

namespace halo {

// JSON all of whose values are empty ([], null, {"found":false,"order":null}), or a short text that
// says so: "No order with this number", "not found", "does not exist", "0 results".
bool SaysNothingFound(std::string_view text);

}  // namespace halo
