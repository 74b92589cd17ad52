// SPDX-License-Identifier: MIT
#include "server/commands/quantities.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "engine/base/ascii.h"
#include "tools/answer/phrases.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

struct SizeUnit {
  std::string_view name;
  double bytes;
};
constexpr SizeUnit kUnits[] = {
    {"", 1},
    {"b", 1},
    {"k", 1e3},
    {"kb", 1e3},
    {"m", 1e6},
    {"mb", 1e6},
    {"g", 1e9},
    {"gb", 1e9},
    {"t", 1e12},
    {"tb", 1e12},
    {"kib", 1024.},
    {"mib", 1024. * 1024},
    {"gib", 1024. * 1024 * 1024},
    {"tib", 1024. * 1024 * 1024 * 1024},
};

}  // namespace

Result<std::int64_t> ParseAge(std::string_view text, std::int64_t now_ns) {
  constexpr std::string_view kUnitLetters = "smhdw";
  const bool is_length = !text.empty() && kUnitLetters.find(text.back()) != kUnitLetters.npos &&
                         text.find_first_not_of("0123456789") == text.size() - 1;
  Result<std::int64_t> time =
      ParseTime(is_length ? "-" + std::string(text) : std::string(text), now_ns, "--older-than");
  if (!time) {
    return Error{Code::kInvalidArgument,
                 "--older-than: expected an age such as 30d, 12h or 2w, or a date such as "
                 "2026-01-31; got " +
                     Quoted(text)};
  }
  if (*time > now_ns) {
    return Error{Code::kInvalidArgument,
                 "--older-than lies in the future; give an age such as 30d, or a past date"};
  }
  return time;
}

Result<std::int64_t> ParseSize(std::string_view text) {
  const Error wrong{Code::kInvalidArgument,
                    "--max-size: expected a size such as 500MB or 5GB; got " + Quoted(text)};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return wrong;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const SizeUnit& known : kUnits) {
    if (!ascii::EqualsFolded(unit, known.name)) continue;
    const double bytes = number * known.bytes;
    if (bytes > 9e18) return wrong;
    return static_cast<std::int64_t>(bytes);
  }
  return wrong;
}

std::string SizeText(std::int64_t bytes) {
  constexpr const char* kNames[] = {"bytes", "KB", "MB", "GB", "TB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1000 && unit + 1 < std::size(kNames)) {
    size /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, kNames[unit]);
  return text;
}

}  // namespace halo
