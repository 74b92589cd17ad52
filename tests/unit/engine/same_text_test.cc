// SPDX-License-Identifier: MIT
#include "engine/base/same_text.h"

#include <catch2/catch.hpp>
#include <string>

namespace halo {

TEST_CASE("texts are equal if every byte is") {
  for (std::size_t size = 0; size < 50; ++size) {
    const std::string text(size, 'a');
    CHECK(SameText(text, std::string(size, 'a')));
    CHECK_FALSE(SameText(text, text + "a"));
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      CHECK_FALSE(SameText(text, other));
    }
  }
}

}  // namespace halo
