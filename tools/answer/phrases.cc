// SPDX-License-Identifier: MIT
#include "tools/answer/phrases.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace halo {
namespace {

std::string Decimal(double number, int digits) {
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, number);
  return {text.data(), static_cast<std::size_t>(std::clamp(size, 0, 63))};
}

}  // namespace

std::string UsdText(std::int64_t nano_usd) {
  const double usd = static_cast<double>(nano_usd) * 1e-9;
  const double size = std::fabs(usd);
  return "$" + Decimal(usd, size == 0 || size >= 100 ? 0 : size >= 1 ? 2 : size >= 0.01 ? 4 : 6);
}

std::string CostText(std::int64_t nano_usd, const UnknownCost& unknown) {
  const std::int64_t unpriced = unknown.unpriced_calls;
  if (nano_usd == 0 && unpriced > 0) return "unpriced";
  if (nano_usd == 0 && unknown.calls_without_usage > 0) return "cost unknown";
  if (unpriced == 0) return UsdText(nano_usd);
  return Cat(UsdText(nano_usd), " (without ", Plural(unpriced, "unpriced call"), ")");
}

std::string SpendText(std::int64_t nano_usd, std::int64_t tokens, const UnknownCost& unknown) {
  if (nano_usd == 0 && tokens == 0 && unknown.calls_without_usage > 0) return "unknown usage";
  const std::string cost = CostText(nano_usd, unknown);
  if (nano_usd == 0 && cost != UsdText(0)) return Cat(Plural(tokens, "token"), ", ", cost);
  return Cat(cost, " and ", Plural(tokens, "token"));
}

std::string DurationText(std::int64_t ns) {
  const std::int64_t ms = ns / 1'000'000;
  if (ms < 1000) return Cat(ms, " ms");
  if (ms < 60'000) return Decimal(static_cast<double>(ms) / 1000, 1) + " s";
  const std::int64_t s = ms / 1000;
  if (s < 3600) return Cat(s / 60, "m ", s % 60, "s");
  if (s < 86400) return Cat(s / 3600, "h ", s % 3600 / 60, "m");
  return Cat(s / 86400, "d ", s % 86400 / 3600, "h");
}

std::string CountText(std::int64_t count) {
  if (std::abs(count) >= 1'000'000) return Decimal(static_cast<double>(count) * 1e-6, 1) + "M";
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > (count < 0 ? 4u : 3u);) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string PercentText(double share) {
  const double percent = share * 100;
  return Decimal(percent, percent > 0 && percent < 1 ? 1 : 0) + " %";
}

std::string Plural(std::int64_t count, std::string_view noun) {
  return Cat(CountText(count), " ", noun, count == 1 ? "" : "s");
}

std::string Quoted(std::string_view text) {
  if (IsPlainName(text) || IsPlainPath(text)) return Cat("\"", text, "\"");
  return text.empty() ? std::string("an empty text")
                      : Cat("a text of ", Plural(static_cast<std::int64_t>(text.size()), "byte"));
}

std::string PageText(std::string_view what, std::size_t first, std::size_t shown,
                     std::size_t total) {
  std::string noun(what);
  if (!noun.empty() && noun[0] >= 'a' && noun[0] <= 'z') noun[0] = static_cast<char>(noun[0] - 32);
  if (shown == 0) return Cat(noun, ": none left of ", total, ".");
  return Cat(noun, " ", first + 1, " to ", first + shown, " of ", total, ".");
}

std::string NextPageText(std::string_view tool) {
  return Cat(" Next page: ", tool, R"( {"cursor": next_cursor}.)");
}

}  // namespace halo
