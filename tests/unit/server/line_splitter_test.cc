// SPDX-License-Identifier: MIT
#include "server/stdio/line_splitter.h"

#include <catch2/catch.hpp>
#include <vector>

namespace halo {
namespace {

// "!" for a line that was too long.
std::vector<std::string> Lines(const std::vector<std::string_view>& pieces, std::size_t max = 5) {
  std::vector<std::string> lines;
  LineSplitter splitter(max, [&](std::string_view line, bool too_long) {
    lines.emplace_back(too_long ? "!" + std::string(line) : line);
  });
  for (const std::string_view piece : pieces) splitter.Feed(piece);
  splitter.End();
  return lines;
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("lines do not depend on how the bytes arrive") {
  CHECK(Lines({"ab\ncd\n"}) == List{"ab", "cd"});
  CHECK(Lines({"a", "b\nc", "", "d", "\n"}) == List{"ab", "cd"});
  CHECK(Lines({"ab\n\n\ncd"}) == List{"ab", "", "", "cd"});
  CHECK(Lines({}) == List{});
  CHECK(Lines({"\n"}) == List{""});
}

TEST_CASE("a line over the limit is reported once, and the next one is complete") {
  CHECK(Lines({"12345\n"}) == List{"12345"});
  CHECK(Lines({"123456\nab\n"}) == List{"!", "ab"});
  CHECK(Lines({"123", "456", "789", "\na", "b\n"}) == List{"!", "ab"});
  CHECK(Lines({"123456"}) == List{"!"});
}

}  // namespace halo
