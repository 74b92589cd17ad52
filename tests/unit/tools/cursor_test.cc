// SPDX-License-Identifier: MIT
#include "tools/common/cursor.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

struct State {
  std::string after;
  std::int64_t key = 0;
  static constexpr auto Fields() {
    return std::tuple{Field("after", &State::after), Field("key", &State::key)};
  }
};

}  // namespace

TEST_CASE("a cursor encodes its state without characters that need quoting") {
  for (const std::string after : {"", "a", "ab", "abc", "fm_\"ü\n"}) {
    const std::string cursor = EncodeCursor(State{after, -7});
    CHECK(cursor.find_first_of("+/=\" ") == std::string::npos);
    const Result<State> state = DecodeCursor<State>(cursor);
    REQUIRE(state.has_value());
    CHECK(state->after == after);
    CHECK(state->key == -7);
  }
}

TEST_CASE("a foreign cursor is refused with advice") {
  for (const std::string_view cursor : {"", "x", "!!!!", "eyJhIjoxfQ", "bm90IGpzb24"}) {
    const Result<State> state = DecodeCursor<State>(cursor);
    REQUIRE_FALSE(state.has_value());
    CHECK(state.error().message.find("next_cursor") != std::string::npos);
  }
}

}  // namespace halo
