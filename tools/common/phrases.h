// SPDX-License-Identifier: MIT
// Small pieces of the texts that tools write. Pure; any thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

inline void AppendPiece(std::string& out, std::string_view piece) { out.append(piece); }
template <std::integral T>
void AppendPiece(std::string& out, T number) {
  out.append(std::to_string(number));
}

// Its arguments, strings and integers, in one string.
template <class... Pieces>
std::string Cat(const Pieces&... pieces) {
  std::string out;
  (AppendPiece(out, pieces), ...);
  return out;
}

std::string UsdText(std::int64_t nano_usd);  // "$0.0421"
// What is known of a cost: calls without a price are missing from it, they are not free.
std::string CostText(std::int64_t nano_usd, std::int64_t unpriced_calls);
std::string DurationText(std::int64_t ns);  // "3m 12s"
std::string CountText(std::int64_t count);  // "1.2M" from a million on, "12,345" below
std::string PercentText(double share);      // "12 %"
std::string Plural(std::int64_t count, std::string_view noun);  // "1 run", "12,345 runs"

// Names, titles and signatures came out of traces. One line, what is hidden made visible, and
// nothing that could pass for a fence or for code; at most `max_bytes`, with an ellipsis where cut.
std::string CleanName(std::string_view name, std::size_t max_bytes = 80);
// The same for the path of a value, which holds the emitter's own key; read_spans takes it back.
std::string CleanPath(std::string_view path);

// At most `max_bytes` of the text, cut between characters.
std::string_view CutText(std::string_view text, std::size_t max_bytes);

// "Failure modes 11 to 20 of 23." for a page of `shown` rows that begins behind `first` others.
std::string PageText(std::string_view what, std::size_t first, std::size_t shown,
                     std::size_t total);
// " Next page: call TOOL with next_cursor as cursor."
std::string NextPageText(std::string_view tool);

}  // namespace halo
