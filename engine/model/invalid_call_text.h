// SPDX-License-Identifier: MIT
// Parts of the signatures in SpanFacts::invalid_call that distinguish them.
#pragma once

#include <string_view>

namespace halo {

// After the name of a tool that was not offered.
inline constexpr std::string_view kToolIsNotOffered = " is not offered";

}  // namespace halo
