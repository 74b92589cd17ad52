// SPDX-License-Identifier: MIT
// The ids and URLs in a text, as hashes, by which the value of an argument is found again in what
// the model had read before. Pure; any thread.
//
// An id is a run of letters, digits, '-' and '_' of at least four characters that has a letter and
// a digit and is no date, time, size or ordinal ("A-7731", "ord_88x2"; not "42", "2024-05-01T10",
// "10ms", "3rd"). A URL counts as a whole, without its scheme, "www." and a final slash. Neither
// counts case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace halo {

// Of one text. More are dropped, and a text is only read so far.
inline constexpr std::size_t kMostValues = 64;
inline constexpr std::size_t kValueBytes = 64 << 10;

// Appends the values in order of appearance, none twice. False if some were dropped.
bool AppendValues(std::string_view text, std::vector<std::uint32_t>& out);

// Which of the first 32 `values`, those of the arguments of a call, are the whole text of an
// argument and no part of a longer one, as bits. Other strings than those in double quotes count
// only if they are all of the text.
std::uint32_t WholeValues(std::string_view arguments, std::span<const std::uint32_t> values);

}  // namespace halo
