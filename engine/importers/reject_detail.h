// SPDX-License-Identifier: MIT
// The details of rejects, which name what was lost to the user. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "engine/model/span.h"

namespace halo {

// The text, cut to the length that a detail may have.
std::string ShortenDetail(std::string_view text);

// How a span is named in a detail.
std::string DescribeSpan(const Span& span);

}  // namespace halo
