// SPDX-License-Identifier: MIT
#include "engine/codec/column_codec.h"

#include <catch2/catch.hpp>
#include <random>

namespace halo {
namespace {

TEST_CASE("columns survive encoding in every mode") {
  std::mt19937_64 random(9);
  const std::vector<std::vector<std::uint64_t>> columns = {
      {0, 0, 0},
      {7, 7, 7},
      {5},
      {0, 1, 1, 0, 1, 0, 0, 0, 1},
      {3, 0, 1, 2, 2},
      {15, 3, 9, 0, 1},
      {200, 3, 255, 0},
      {1000, 1001, 1002, 1003},
      {1'700'000'000'000'000'000, 1'700'000'000'000'000'350, 1'700'000'000'000'000'100},
      {0, 0, 0, 0, 0, 0, 0, 0, 90'000, 0, 0, 0, 0, 0, 0, 0, 0, 4},
      {random(), random(), random(), random()},
      {300, 5, 70'000, 2},
      {std::numeric_limits<std::uint64_t>::max(), 0, std::numeric_limits<std::uint64_t>::max()},
      {300, 5, 70'000, 2, 1, 1, 1'700'000'000'000},
      {1'700'000'000'000'000'000, 0, 1, std::numeric_limits<std::uint64_t>::max(), 5, 5},
  };
  ColumnWriter writer;
  for (const auto& column : columns) writer.Add(column);
  std::string bytes;
  writer.Finish(bytes);
  ByteReader in(bytes);
  ColumnReader reader(in);
  std::vector<std::uint64_t> values;
  for (const auto& column : columns) {
    REQUIRE(reader.Next(column.size(), values));
    CHECK(values == column);
  }
  CHECK(in.left() == 0);
  for (std::size_t first = 0; first < 4; ++first) {
    ByteReader again(bytes);
    ColumnReader some(again);
    for (const auto& column : columns) {
      const std::size_t from = std::min(first, column.size());
      const RowRange rows = {from, std::min<std::size_t>(2, column.size() - from)};
      REQUIRE(some.Next(column.size(), rows, values));
      CHECK(values ==
            std::vector(column.begin() + static_cast<std::ptrdiff_t>(rows.first),
                        column.begin() + static_cast<std::ptrdiff_t>(rows.first + rows.count)));
    }
    CHECK(again.left() == 0);
  }
  // A column that an older version did not write reads as zero.
  REQUIRE(reader.Next(2, values));
  CHECK(values == std::vector<std::uint64_t>{0, 0});
}

}  // namespace
}  // namespace halo
