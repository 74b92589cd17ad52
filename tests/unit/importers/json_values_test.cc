// SPDX-License-Identifier: MIT
#include "engine/json/json_values.h"

#include <catch2/catch.hpp>
#include <string>

#include "engine/json/parse_integer.h"

namespace halo {
namespace {

// The decoded JSON string; "invalid" if it is not a valid one.
std::string Decoded(std::string_view json) {
  JsonValues values;
  JsonCursor cursor;
  const std::string list = "[" + std::string(json) + "]";
  const std::string padded = list + std::string(kJsonPadding, ' ');
  Json root;
  std::string text = "invalid";
  if (Failed(cursor.Open(std::string_view(padded).substr(0, list.size()), root))) return text;
  const auto error = root.ForEachItem([&](Json& item) {
    std::string_view decoded;
    const auto inner = values.Text(item, decoded);
    if (!Failed(inner)) text = decoded;
    return inner;
  });
  return Failed(error) ? "invalid" : text;
}

TEST_CASE("escapes are decoded wherever they stand in a text of any length") {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      const std::string before(at, 'x'), behind(size - at, 'y');
      CHECK(Decoded("\"" + before + behind + "\"") == before + behind);
      CHECK(Decoded("\"" + before + R"(\n)" + behind + "\"") == before + "\n" + behind);
      CHECK(Decoded("\"" + before + R"(\"\\)" + behind + R"(\t")") ==
            before + "\"\\" + behind + "\t");
      CHECK(Decoded("\"" + before + R"(\u00e9\ud83d\ude00)" + behind + "\"") ==
            before + "\xc3\xa9\xf0\x9f\x98\x80" + behind);
      CHECK(Decoded("\"" + before + R"(\q)" + behind + "\"") == "invalid");
      CHECK(Decoded("\"" + before + R"(\u12)" + behind + "\"") == "invalid");
    }
  }
  CHECK(Decoded("[\"text\"]") == "invalid");
  CHECK(Decoded(R"("\/\b\f\r\ud83dx")") == "/\b\f\r\xef\xbf\xbdx");
}

TEST_CASE("integers are read to the ends of their range") {
  const auto read = [](std::string_view text) {
    std::int64_t value = 0;
    return ParseInteger(text, value) ? std::to_string(value) : "none";
  };
  for (const std::string good :
       {"0", "7", "-7", "1234567", "12345678", "123456789", "-12345678", "1234567890123456",
        "1760000000000000000", "9223372036854775807", "-9223372036854775808"}) {
    CHECK(read(good) == good);
  }
  CHECK(read("00000000000000000000000042") == "42");
  CHECK(read("0000000042") == "42");
  for (const std::string bad :
       {"", "-", "x", "1x", "1234567x", "x1234567", "12345678x", "1234567 ", "12345678123x5678",
        "+1", "1.5", "1e3", "9223372036854775808", "9999999999999999999", "-9223372036854775809",
        "12345678901234567890"}) {
    CAPTURE(bad);
    CHECK(read(bad) == "none");
  }
}

}  // namespace
}  // namespace halo
