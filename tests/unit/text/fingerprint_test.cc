// SPDX-License-Identifier: MIT
#include "engine/text/fingerprint.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/text/normalise.h"

namespace halo {
namespace {

bool Same(const std::string& a, const std::string& b) {
  return ResultFingerprint(a) == ResultFingerprint(b);
}

}  // namespace

TEST_CASE("values that change on every call are ignored") {
  const std::vector<std::pair<std::string, std::string>> same = {
      {"done at 2024-01-31T10:15:30Z", "done at 2025-11-02T23:59:59.123Z"},
      {"Tue, 31 Jan 2024 10:15:30 GMT: ok", "Wed, 01 Feb 2024 11:00:00 GMT: ok"},
      {"as of Jan 02, 1999", "as of Mar 31, 2024"},
      {"[10:15:30] x", "[23:01:02] x"},
      {"since 31 Jan 2024 only", "since 01 Feb 2023 only"},
      {"since 31-Jan-2024 only", "since 01-Feb-2023 only"},
      {"31/01/2024, 31.01.2024", "01/02/2023, 01.02.2023"},
      {"since 31.Jan 2024 only", "since 01.Feb 2023 only"},
      {"took 12ms", "took 1.5s"},
      {"took 2m30s, then 4us", "took 11m05s, then 7us"},
      {"took 3 hours", "took 4 hours"},
      {"took 3\xc2\xb5s", "took 4\xc2\xb5s"},
      {"waited 30s- again", "waited 31s- again"},
      {"took 12 ms", "took 1500 ms"},
      {R"({"elapsed_ms": 12, "ok": 1})", R"({"elapsed_ms": 99.5, "ok": 1})"},
      {R"({"created":1712345678})", R"({"created":1798765432})"},
      {"id 550e8400-e29b-41d4-a716-446655440000", "id abcdefab-e29b-11d4-a716-446655449999"},
      {"id=call_abc123XYZ", "id=call_zzz999QQQ"},
      {"hash d41d8cd98f00b204e9800998ecf8427e.", "hash 0cc175b9c0f1b6a831c399e269772661."},
      {"at 0x7f3a2b1c9d80", "at 0x7ffe00001111"},
      {"a  b\n\tc ", "a b c"},
      {"\n{\n  \"a\": [\n    1\n  ]\n}\n", "{ \"a\": [ 1 ] }"},
  };
  for (const auto& [a, b] : same) {
    CAPTURE(a, b);
    CHECK(Same(a, b));
  }
}

TEST_CASE("meaningful values count") {
  const std::vector<std::pair<std::string, std::string>> different = {
      {"7 of 10 done", "8 of 10 done"},
      {R"({"progress":0.5})", R"({"progress":0.6})"},
      {"page 3", "page 4"},
      {"row12", "row13"},
      {"12 horses", "13 horses"},
      {"12 more men", "13 more men"},
      {"5 items", "6 items"},
      {"in 2024 it was", "in 2025 it was"},
      {"room 123456 is free", "room 123457 is free"},
      {R"({"price": 154, "n": 2})", R"({"price": 155, "n": 2})"},
      {"3-4 and 3/4", "3-5 and 3/5"},
      {"a b", "ab"},
      {"", "x"},
      {"commit a1b2c3d", "commit a1b2c3e"},
      {"1.2.3", "1.2.4"},
      {"took 12ms: found 1", "took 12ms: found 2"},
      {"x 2024-01-31", "y 2024-01-31"},
      {"12345678901234567890", "12345678901234567891"},
  };
  for (const auto& [a, b] : different) {
    CAPTURE(a, b);
    CHECK_FALSE(Same(a, b));
  }
  CHECK(Same("", "  \n "));
}

TEST_CASE("a mask is found at any position in a text of any length") {
  for (std::size_t before = 0; before < 140; ++before) {
    for (const std::size_t after : {0, 1, 15, 16, 17, 40, 5000}) {
      const std::string left = std::string(before, 'x') + " ",
                        right = " " + std::string(after, 'y');
      REQUIRE(Same(left + "10:15:30" + right, left + "11:16:31" + right));
      REQUIRE_FALSE(Same(left + "10" + right, left + "11" + right));
      const std::string many(100, '7');
      REQUIRE_FALSE(Same(left + many + "1" + right, left + many + "2" + right));
      REQUIRE(Same(left + " \n" + right, left + right));
    }
  }
}

TEST_CASE("hostile text is hashed in linear time") {
  for (const std::string& piece :
       std::vector<std::string>{"1", "a1", "1-", "1:", "a-1", "_1", "Jan 1", "call_", "1.", " ",
                                " \n", "00-", "1m", "0x1"}) {
    std::string text;
    while (text.size() < (1U << 18)) text += piece;
    ResultFingerprint(text);  // quadratic time would take minutes
  }
}

TEST_CASE("after the first bytes of a long result, every byte counts") {
  const std::string filler(kMaskedResultBytes, 'x');
  const std::string early = "at 10:15:30 ", later = "at 23:01:02 ";
  CHECK(Same(early + filler, later + filler));
  CHECK(Same(early + filler + " end", later + filler + " end  "));
  CHECK(!Same(filler + early, filler + later));
  CHECK(!Same(early + filler + "a", early + filler + "b"));
  // A value that begins before the limit is masked completely.
  const std::string before(kMaskedResultBytes - 6, ' ');
  CHECK(Same("x" + before + early + filler, "x" + before + later + filler));
}

}  // namespace halo
