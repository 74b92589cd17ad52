// SPDX-License-Identifier: MIT
#include "engine/text/triplet_scan.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace halo {
namespace {

constexpr TripletScan MakeScan() {
  TripletScan scan;
  scan.Add("sk-", false, 0);
  scan.Add("key", true, 1);
  scan.Add("@", false, 7);
  return scan;
}
constexpr TripletScan kScan = MakeScan();

}  // namespace

TEST_CASE("a string is found at any position in a text of any length") {
  for (std::size_t size = 3; size < 150; ++size) {
    for (std::size_t at = 0; at + 3 <= size; ++at) {
      std::string text(size, '.');
      text.replace(at, 3, "Key");
      unsigned groups = 0;
      const char* const end = text.data() + size;
      REQUIRE(kScan.Next(text.data(), end, groups) == text.data() + at);
      REQUIRE(groups == 1U << 1);
      REQUIRE(kScan.Next(text.data() + at + 1, end, groups) == end);
    }
  }
}

TEST_CASE("a single byte is found at the end, a truncated string is not") {
  unsigned groups = 0;
  for (const std::string& text : std::vector<std::string>{"x@", "ke", "SK-", "", "sk"}) {
    const char* const end = text.data() + text.size();
    const char* const hit = kScan.Next(text.data(), end, groups);
    CHECK((hit != end) == (text == "x@"));
  }
}

}  // namespace halo
