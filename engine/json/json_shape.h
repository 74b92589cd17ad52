// SPDX-License-Identifier: MIT
// Whether a text that starts like JSON is whole. Emitters cut long attributes at a byte limit, and
// simdjson's on-demand readers may read past the end of a value that is never closed: no text goes
// to them that has not passed here.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

enum class JsonShape : std::uint8_t {
  kWhole,  // one value whose brackets, commas and strings fit; other text may follow
  kCut,    // the beginning of one, which the text or a mark such as "..." ends too early
  kOther,  // no JSON, or JSON nested more than 1,000 levels deep
};

// Numbers and words are not looked into.
JsonShape ShapeOf(std::string_view text);

}  // namespace halo
