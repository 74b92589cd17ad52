// SPDX-License-Identifier: MIT
// Columns of numbers as stored bytes. Each column takes the cheapest of a few plain encodings; a
// column of zeros takes one bit. A reader that knows more columns than were written reads zeros,
// so a format grows by adding columns at its end. Pure; one object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/codec/bytes.h"

namespace halo {

// Some rows of a table.
struct RowRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

class ColumnWriter {
 public:
  void Add(std::span<const std::uint64_t> values);
  // The same for a column that holds one value in each of its rows.
  void AddConstant(std::uint64_t value);
  // Of what Finish will append, but a few bytes.
  std::size_t size() const { return bodies_.size() + present_.size() / 8; }
  // Appends all columns to `out`; the next ones are those of another table.
  void Finish(std::string& out);

 private:
  std::vector<bool> present_;
  ByteBuffer bodies_;
};

class ColumnReader {
 public:
  explicit ColumnReader(ByteReader& in);
  // The next column, which has `count` values. False once anything did not decode.
  bool Next(std::size_t count, std::vector<std::uint64_t>& values) {
    return Next(count, {0, count}, values);
  }
  // The same, but only `rows` of it, which must be among the `count`.
  bool Next(std::size_t count, RowRange rows, std::vector<std::uint64_t>& values);

 private:
  ByteReader& in_;
  std::string_view present_;
  std::uint64_t columns_ = 0;
  std::uint64_t next_ = 0;
};

// How many items may stand in `size` bytes: columns of equal values take next to nothing, so a
// count must not be believed for its own sake. Writers pad to what readers demand.
constexpr std::uint64_t MaxItems(std::size_t size) { return 4096 + 8 * std::uint64_t{size}; }

}  // namespace halo
