// SPDX-License-Identifier: MIT
#include "engine/importers/span_times.h"

#include <charconv>
#include <cmath>
#include <system_error>

#include "engine/importers/span_words.h"
#include "engine/json/parse_integer.h"

namespace halo {
namespace {

constexpr std::int64_t kFirstSecond = 946'684'800;   // 2000-01-01
constexpr std::int64_t kLastSecond = 4'102'444'800;  // 2100-01-01
constexpr std::int64_t kNsOfUnit[] = {0, 1'000'000'000, 1'000'000, 1'000, 1};

std::int64_t NsOf(TimeUnit unit) { return kNsOfUnit[static_cast<std::size_t>(unit)]; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether the text begins like "0001-01-01T00:00:00Z", the zero time of Go.
bool LooksLikeDate(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!IsDigit(text[i])) return false;
  }
  return true;
}

}  // namespace

TimeUnit TimeUnitOf(std::int64_t number) {
  for (const TimeUnit unit :
       {TimeUnit::kNanos, TimeUnit::kMicros, TimeUnit::kMillis, TimeUnit::kSeconds}) {
    const std::int64_t in_second = 1'000'000'000 / NsOf(unit);
    if (number >= kFirstSecond * in_second) {
      return number < kLastSecond * in_second ? unit : TimeUnit::kNone;
    }
  }
  return TimeUnit::kNone;
}

bool ReadMoment(std::int64_t number, Moment& out) {
  if (number < 0) return false;
  if (number == 0) return true;
  out.unit = TimeUnitOf(number);
  out.kind = out.unit == TimeUnit::kNone ? Moment::Kind::kImplausible : Moment::Kind::kKnown;
  out.ns = number * NsOf(out.unit);
  return true;
}

bool ReadMoment(double number, Moment& out) {
  if (!(number >= 0)) return false;
  constexpr double kMost = 9.2e18;
  if (number >= kMost) {
    out.kind = Moment::Kind::kImplausible;
    return true;
  }
  const double whole = std::floor(number);
  if (!ReadMoment(static_cast<std::int64_t>(whole), out)) return false;
  if (out.kind == Moment::Kind::kKnown) {
    // A double of this size resolves seconds to a quarter of a microsecond.
    const bool is_fine = NsOf(out.unit) < 1'000'000;
    const std::int64_t step = is_fine ? 1 : 1'000;
    out.ns += std::llround((number - whole) * static_cast<double>(NsOf(out.unit) / step)) * step;
  } else if (number > 0) {
    out.kind = Moment::Kind::kImplausible;
  }
  return true;
}

bool ReadMoment(std::string_view text, Moment& out) {
  if (text.empty()) return true;
  std::int64_t ns = 0;
  if (ParseInteger(text, ns)) return ReadMoment(ns, out);
  if (ParseTime(text, ns)) {
    const bool known = TimeUnitOf(ns) == TimeUnit::kNanos;
    out.kind = known ? Moment::Kind::kKnown : Moment::Kind::kImplausible;
    out.ns = known ? ns : 0;
    return true;
  }
  if (LooksLikeDate(text)) {
    // A well-formed date before 1970 or after 2261.
    std::string_view rest = text.substr(4);
    char buffer[64] = "2000";
    if (rest.size() > sizeof(buffer) - 4) return false;
    rest.copy(buffer + 4, rest.size());
    if (!ParseTime({buffer, rest.size() + 4}, ns)) return false;
    out.kind = Moment::Kind::kImplausible;
    return true;
  }
  // "1764100000.123", "1.7641e18", or an unsigned number of 20 digits that means "never".
  double real = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  return ReadMoment(real, out);
}

}  // namespace halo
