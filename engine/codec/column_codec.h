// SPDX-License-Identifier: MIT
// Encodes columns of numbers. Each column is written in the cheapest of a few simple encodings; a
// column of zeros takes one bit. A reader that asks for more columns than were written reads zeros,
// so a format can grow by adding columns at its end. One object per thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/codec/bytes.h"

namespace halo {

// A range of a table's rows.
struct RowRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

class ColumnWriter {
 public:
  void Add(std::span<const std::uint64_t> values);
  // Adds a column that holds the same value in every row.
  void AddConstant(std::uint64_t value);
  // Appends all columns to `out` and starts the next table.
  void Finish(std::string& out);

 private:
  std::vector<bool> present_;
  ByteBuffer bodies_;
};

class ColumnReader {
 public:
  explicit ColumnReader(ByteReader& in);
  // Reads the next column, which has `count` values. Returns false once anything failed to decode.
  bool Next(std::size_t count, std::vector<std::uint64_t>& values) {
    return Next(count, {0, count}, values);
  }
  // Reads only `rows` of the next column; they must be within `count`.
  bool Next(std::size_t count, RowRange rows, std::vector<std::uint64_t>& values);

 private:
  ByteReader& in_;
  std::string_view present_;
  std::uint64_t columns_ = 0;
  std::uint64_t next_ = 0;
};

// The largest item count that a reader accepts in `size` bytes. Columns of equal values take almost
// no space, so a count in hostile bytes must be bounded in another way. Writers call PadToItems.
constexpr std::uint64_t MaxItems(std::size_t size) { return 4096 + 8 * std::uint64_t{size}; }
void PadToItems(std::uint64_t items, std::string& out);

}  // namespace halo
