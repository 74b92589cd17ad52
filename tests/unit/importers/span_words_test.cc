// SPDX-License-Identifier: MIT
#include "engine/importers/span_words.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

TEST_CASE("ids become lower-case hex where they are hex or base64") {
  Arena arena;
  CHECK(CanonicalId("5B8EFFF798038103D269B633813FC60C", 16, arena) ==
        "5b8efff798038103d269b633813fc60c");
  CHECK(CanonicalId("AAAAAAAAAAAAAAAAAAAAAQ==", 16, arena) == "00000000000000000000000000000001");
  CHECK(CanonicalId("AAAAAAAAAP8=", 8, arena) == "00000000000000ff");
  CHECK(CanonicalId("W47/95gDgQPSabYzgT/GDA==", 16, arena) == "5b8efff798038103d269b633813fc60c");
  CHECK(CanonicalId("79d500bda507440f8a237682", 8, arena) == "79d500bda507440f8a237682");
  CHECK(CanonicalId("Run-7", 16, arena) == "Run-7");
  CHECK(CanonicalId("0000000000000000", 8, arena).empty());
  CHECK(CanonicalId("AAAAAAAAAAA=", 8, arena).empty());
  CHECK(CanonicalId("", 8, arena).empty());
}

TEST_CASE("times are read with any zone and up to nine digits of fraction") {
  const auto ns = [](std::string_view text) {
    std::int64_t time = -1;
    return ParseTime(text, time) ? time : -1;
  };
  CHECK(ns("1970-01-01T00:00:00Z") == 0);
  CHECK(ns("2024-02-29T12:00:00.123456789Z") == 1709208000123456789);
  CHECK(ns("2024-02-29T12:00:00.1234567891Z") == 1709208000123456789);
  CHECK(ns("2024-02-29T14:30:00+02:30") == 1709208000000000000);
  CHECK(ns("2024-02-29 07:00:00.5-0500") == 1709208000500000000);
  CHECK(ns("2024-02-29T12:00:00") == 1709208000000000000);
  for (const char* bad :
       {"", "2024", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T25:00:00Z",
        "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00", "2300-01-01T00:00:00Z"}) {
    INFO(bad);
    CHECK(ns(bad) == -1);
  }
}

TEST_CASE("kinds and status codes are read as numbers and as names") {
  CHECK(KindWord(3) == "CLIENT");
  CHECK(KindWord(0).empty());
  CHECK(KindWord(99).empty());
  CHECK(KindWord("SPAN_KIND_SERVER") == "SERVER");
  CHECK(KindWord("client") == "CLIENT");
  CHECK(KindWord("SPAN_KIND_UNSPECIFIED").empty());
  CHECK(StatusOf(2) == StatusCode::kError);
  CHECK(StatusOf("STATUS_CODE_ERROR") == StatusCode::kError);
  CHECK(StatusOf("Error") == StatusCode::kError);
  CHECK(StatusOf("OK") == StatusCode::kOk);
  CHECK(StatusOf("whatever") == StatusCode::kUnset);
}

}  // namespace
}  // namespace halo
