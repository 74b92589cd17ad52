// SPDX-License-Identifier: MIT
// Whether a text that starts like JSON is whole. Emitters cut long attributes at a byte limit, and
// simdjson's on-demand readers may read past the end of a value that is never closed, so attributes
// are checked here first.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

enum class JsonShape : std::uint8_t {
  kWhole,  // a value with matching brackets, commas and strings; other text may follow
  kCut,    // the beginning of one, cut off by the end of the text or a mark such as "..."
  kOther,  // not JSON, or nested more than 1,000 levels deep
};

// Numbers and words are not checked. Pure.
JsonShape ShapeOf(std::string_view text);

}  // namespace halo
