// SPDX-License-Identifier: MIT
// Reads an object by a table of its keys and the functions that read their values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/json/json_cursor.h"

namespace halo {

// The object cannot be used without this field.
inline constexpr bool kVital = true;

// One row of a table. `Reader` has a member function for each value, which stores it.
template <class Reader>
struct JsonField {
  std::string_view name;
  std::string_view other_name;  // a second spelling, such as snake_case; empty: none
  JsonError (Reader::*read)(Json& value);
  bool is_vital = false;
};

// Finds keys in one table. Emitters repeat the same order of keys, so it first tries the row that
// followed the previous row last time. Not thread-safe.
class KeyFinder {
 public:
  // The index of the row with this key; N if no row has it.
  template <class Row, std::size_t N>
  std::size_t Find(const Row (&rows)[N], RawString key) {
    static_assert(N <= kMaxRows);
    std::uint8_t& next = next_[last_];
    std::size_t at = next;
    for (std::size_t i = 0; i < N; ++i) {
      const Row& row = rows[at];
      if (key.Is(row.name) || (!row.other_name.empty() && key.Is(row.other_name))) {
        last_ = next = static_cast<std::uint8_t>(at);
        return at;
      }
      if (++at == N) at = 0;
    }
    return N;
  }

 private:
  static constexpr std::size_t kMaxRows = 24;
  std::array<std::uint8_t, kMaxRows> next_{};
  std::uint8_t last_ = 0;
};

// Reads each field that is in the table, and skips the others. If a field cannot be read, calls
// on_error(error, value, row), and stops if that returns an error.
template <class Reader, std::size_t N, class OnError>
JsonError ReadFields(JsonObject& object, const JsonField<Reader> (&fields)[N], KeyFinder& finder,
                     Reader& reader, OnError&& on_error) {
  return object.ForEachField([&](RawString key, Json& value) {
    const std::size_t index = finder.Find(fields, key);
    if (index == N) return JsonError::kOk;
    const JsonField<Reader>& field = fields[index];
    const JsonError error = (reader.*field.read)(value);
    return Failed(error) ? on_error(error, value, field) : error;
  });
}

// The same, but stops at the first error.
template <class Reader, std::size_t N>
JsonError ReadFields(Json& json, const JsonField<Reader> (&fields)[N], KeyFinder& finder,
                     Reader& reader) {
  JsonObject object;
  if (const JsonError error = object.Open(json); Failed(error)) return error;
  return ReadFields(object, fields, finder, reader,
                    [](JsonError error, const Json&, const JsonField<Reader>&) { return error; });
}

}  // namespace halo
