// SPDX-License-Identifier: MIT
#include "engine/base/rfc3339.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST_CASE("a time is read in every form that emitters write") {
  const auto seconds = [](std::string_view text) {
    const std::optional<std::int64_t> ns = ParseRfc3339(text);
    return ns ? *ns / kSecond : -1;
  };
  CHECK(seconds("2026-04-23T05:32:00Z") == 1'776'922'320);
  CHECK(seconds("2026-04-23t05:32:00z") == 1'776'922'320);
  CHECK(seconds("2026-04-23 05:32") == 1'776'922'320);
  CHECK(seconds("2026-04-23T07:32:00+02:00") == 1'776'922'320);
  CHECK(seconds("2026-04-23T07:32:00+0200") == 1'776'922'320);
  CHECK(seconds("2026-04-23T07:32:00+02") == 1'776'922'320);
  CHECK(seconds("2026-04-23T00:02:00-05:30") == 1'776'922'320);
  CHECK(seconds("2026-04-23") == 1'776'902'400);
  CHECK(ParseRfc3339("1970-01-01T00:00:00.1234567899Z") == 123'456'789);
  CHECK(ParseRfc3339("1970-01-01T00:00:00,5Z") == kSecond / 2);
  CHECK(ParseRfc3339("1969-12-31T23:59:59Z") == -kSecond);
}

TEST_CASE("what is no time is refused") {
  for (const std::string_view text :
       {"", "2026", "2026-04", "2026-13-01", "2026-02-30", "2026-04-23T", "2026-04-23T5:32",
        "2026-04-23T24:00", "2026-04-23T05:60", "2026-04-23T05:32:61", "2026-04-23T05:32:00.",
        "2026-04-23T05:32:00+", "2026-04-23T05:32:00 Z", "2026-04-23T05:32:00Zx", "1699-01-01",
        "2262-01-01", "-026-04-23", "+026-04-23"}) {
    INFO(text);
    CHECK_FALSE(ParseRfc3339(text).has_value());
  }
}

TEST_CASE("a time is printed with milliseconds where it has any") {
  CHECK(Rfc3339(0) == "1970-01-01T00:00:00Z");
  CHECK(Rfc3339(1'776'922'320 * kSecond) == "2026-04-23T05:32:00Z");
  CHECK(Rfc3339(1'776'922'320 * kSecond + 50'000'000) == "2026-04-23T05:32:00.050Z");
  CHECK(Rfc3339(-1) == "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace halo
