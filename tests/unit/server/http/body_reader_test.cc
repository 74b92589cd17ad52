// SPDX-License-Identifier: MIT
#include "server/http/body_reader.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace halo {
namespace {

using State = BodyReader::State;

constexpr BodyLimits kLimits{100, 50};

struct Read {
  State state;
  std::string body;
  std::size_t taken;
};

Read ReadAll(BodyReader reader, std::string_view bytes, std::size_t step) {
  Read out{State::kMore, {}, 0};
  while (out.taken < bytes.size() && reader.state() == State::kMore) {
    const std::size_t taken = reader.Read(bytes.substr(out.taken, step), &out.body);
    out.taken += taken;
    if (taken == 0) break;
  }
  out.state = reader.state();
  return out;
}

}  // namespace

TEST_CASE("a chunked body is read, however it is split") {
  struct Row {
    std::string bytes;
    State state;
    std::string body;
    std::size_t rest = 0;
  };
  const std::string hundred(100, 'x');
  const std::vector<Row> rows = {
      {"0\r\n\r\n", State::kDone, ""},
      {"3\r\nabc\r\n0\r\n\r\nGET", State::kDone, "abc", 3},
      {"0003\r\nabc\r\n1\r\nd\r\n00\r\n\r\n", State::kDone, "abcd"},
      {"A\r\n0123456789\r\n0\r\n\r\n", State::kDone, "0123456789"},
      {"a;x=y\r\n0123456789\r\n0;z\r\n\r\n", State::kDone, "0123456789"},
      {"1 \r\na\r\n0\t\r\n\r\n", State::kDone, "a"},
      {"1\r\na\r\n0\r\nA: b\r\nC: d\r\n\r\nX", State::kDone, "a", 1},
      {"64\r\n" + hundred + "\r\n0\r\n\r\n", State::kDone, hundred},
      {"65\r\n", State::kTooLarge, ""},
      {"64\r\n" + hundred + "\r\n1\r\n", State::kTooLarge, hundred},
      {"ffffffffffffffff\r\n", State::kTooLarge, ""},
      {"00000000000000001", State::kBroken, ""},
      {"3\nabc", State::kBroken, "", 3},
      {"3\r\nabcd", State::kBroken, "abc"},
      {"3\r\nabc\n", State::kBroken, "abc"},
      {"3\r\rabc", State::kBroken, "", 3},
      {"\r\n", State::kBroken, "", 1},
      {";a\r\n", State::kBroken, "", 3},
      {"x", State::kBroken, ""},
      {"3;a\nb", State::kBroken, "", 1},
      {"0\r\nA: b\n", State::kBroken, ""},
      {"0\r\n\n", State::kBroken, ""},
      {"0\r\n\rx", State::kBroken, ""},
      {"0\r\n" + std::string(51, 'a'), State::kTrailersTooLarge, ""},
      {"0\r\nA: b\r\n" + std::string(51, 'a'), State::kTrailersTooLarge, "", 5},
      {"3\r\nab", State::kMore, "ab"},
      {"3", State::kMore, ""},
  };
  for (const Row& row : rows) {
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{2}, std::size_t{7}, row.bytes.size()}) {
      INFO(row.bytes << " by " << step);
      const Read read = ReadAll(BodyReader::Chunked(kLimits), row.bytes, step);
      CHECK(static_cast<int>(read.state) == static_cast<int>(row.state));
      CHECK(read.body == row.body);
      CHECK(row.bytes.size() - read.taken == row.rest);
    }
  }
}

TEST_CASE("framing counts towards the limit") {
  // Six bytes on the wire for one byte of content.
  std::string tiny;
  for (int i = 0; i < 100; ++i) tiny += "1\r\nx\r\n";
  CHECK(ReadAll(BodyReader::Chunked(kLimits), tiny, 64).state == State::kTooLarge);
  CHECK(ReadAll(BodyReader::Chunked({100, 1000}), tiny + "0\r\n\r\n", 64).state == State::kDone);
  const std::string line = "1;" + std::string(5000, 'a');
  CHECK(ReadAll(BodyReader::Chunked({1 << 20, 1 << 20}), line, 64).state ==
        State::kTrailersTooLarge);
}

TEST_CASE("a body of known length ends there") {
  CHECK(BodyReader::OfLength(0, kLimits).state() == State::kDone);
  CHECK(BodyReader::OfLength(101, kLimits).state() == State::kTooLarge);
  const Read read = ReadAll(BodyReader::OfLength(3, kLimits), "abcGET", 2);
  CHECK(read.state == State::kDone);
  CHECK(read.body == "abc");
  CHECK(read.taken == 3);
  CHECK(ReadAll(BodyReader::OfLength(3, kLimits), "ab", 2).state == State::kMore);
}

}  // namespace halo
