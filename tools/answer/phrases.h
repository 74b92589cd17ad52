// SPDX-License-Identifier: MIT
// Phrases and number formats of answers. Pure; any thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/trace_text.h"

namespace halo {

inline void AppendPiece(std::string& out, std::string_view piece) { out.append(piece); }
template <std::integral T>
void AppendPiece(std::string& out, T number) {
  out.append(std::to_string(number));
}

// Joins its arguments, strings and integers, to one string.
template <class... Pieces>
std::string Cat(const Pieces&... pieces) {
  std::string out;
  (AppendPiece(out, pieces), ...);
  return out;
}

std::string UsdText(std::int64_t nano_usd);  // "$0.0421"
// Calls that a cost does not include because their share is unknown.
struct UnknownCost {
  std::int64_t unpriced_calls = 0;
  std::int64_t calls_without_usage = 0;
};
// A cost and what it lacks: "$0.0421", "$0.0421 (without 2 unpriced calls)", "unpriced", or "cost
// unknown" if no call reports usage.
std::string CostText(std::int64_t nano_usd, const UnknownCost& unknown);
// "$0.0421 and 1,234 tokens", "1,234 tokens, unpriced", "unknown usage".
std::string SpendText(std::int64_t nano_usd, std::int64_t tokens, const UnknownCost& unknown);
std::string DurationText(std::int64_t ns);  // "3m 12s"
std::string CountText(std::int64_t count);  // "1.2M" from a million on, "12,345" below
std::string PercentText(double share);      // "12 %"
std::string Plural(std::int64_t count, std::string_view noun);  // "1 run", "12,345 runs"

// For a terminal, which needs no fences: one line without hidden characters.
inline std::string CleanName(std::string_view name, std::size_t max_characters = 80) {
  return OneLine(name, max_characters);
}

// An argument of a call, or a name from a trace, for an error message: quoted if it is a plain name
// or id, else only its length, since messages have no fences.
std::string Quoted(std::string_view text);

// "Failure modes 11 to 20 of 23." for a page of `shown` rows that begins after `first` others.
std::string PageText(std::string_view what, std::size_t first, std::size_t shown,
                     std::size_t total);
// " Next page: call TOOL with next_cursor as cursor."
std::string NextPageText(std::string_view tool);

}  // namespace halo
