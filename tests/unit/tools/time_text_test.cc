// SPDX-License-Identifier: MIT
#include "tools/common/time_text.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

constexpr std::int64_t kNow = 1'767'225'600'000'000'000;  // 2026-01-01T00:00:00Z

std::int64_t Parse(std::string_view text) {
  const Result<std::int64_t> time = ParseTime(text, kNow, "$.since");
  return time ? *time : -1;
}

}  // namespace

TEST_CASE("a time is RFC 3339 or relative to now") {
  CHECK(Parse("2026-01-01T00:00:00Z") == kNow);
  CHECK(Parse("2026-01-01") == kNow);
  CHECK(Parse("2026-01-01T01:30:00+01:30") == kNow);
  CHECK(Parse("2025-12-31t19:00:00-05:00") == kNow);
  CHECK(Parse("2026-01-01 00:00:00.25Z") == kNow + 250'000'000);
  CHECK(Parse("2026-01-01T00:00:00.000000001") == kNow + 1);
  CHECK(Parse("-24h") == kNow - 86'400'000'000'000);
  CHECK(Parse("+2w") == kNow + 14 * 86'400'000'000'000);
  CHECK(Parse("-90s") == kNow - 90'000'000'000);
  CHECK(Parse("2024-02-29") > 0);
}

TEST_CASE("an invalid time is refused with examples") {
  for (const std::string_view text :
       {"", "yesterday", "2026", "2026-13-01", "2026-02-29", "2026-01-01T25:00:00Z",
        "2026-01-01T00:00:00Zjunk", "2026-01-01T00:00:00.Z", "-24", "-h", "--1h", "-1y",
        "-99999999999999999999h", "-9999999999h", "0001-01-01", "9999-01-01"}) {
    INFO(text);
    CHECK(Parse(text) == -1);
  }
  CHECK(ParseTime("soon", kNow, "$.since").error().message ==
        "$.since: expected a time as RFC 3339, such as \"2026-01-31T12:00:00Z\", or from now, such "
        "as \"-24h\" or \"-7d\"; got \"soon\"");
}

TEST_CASE("a formatted time can be parsed") {
  CHECK(TimeText(0).empty());
  CHECK(TimeText(kNow) == "2026-01-01T00:00:00Z");
  CHECK(TimeText(kNow + 7'000'000) == "2026-01-01T00:00:00.007Z");
  CHECK(Parse(TimeText(kNow + 7'000'000)) == kNow + 7'000'000);
  CHECK(TimeText(-1'000'000'000) == "1969-12-31T23:59:59Z");
}

}  // namespace halo
