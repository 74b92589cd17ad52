// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kMonthEnds[] = {"",  "uary", "ruary",  "ch", "il",   "e",
                                           "y", "ust",  "tember", "t",  "ober", "ember"};
constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kDayEnds[] = {"", "day", "sday", "nesday", "rsday", "urday"};

// A whole capitalised word that consists of a stem and an ending.
template <std::size_t stems, std::size_t ends>
bool TakeName(Reader& reader, const std::string_view (&stem_list)[stems],
              const std::string_view (&end_list)[ends]) {
  Reader ahead = reader;
  const std::string_view word = ahead.TakeWhile(IsAlpha, 10);
  if (word.size() < 3 || !ascii::IsUpper(word[0]) || IsAlnum(ahead.peek())) return false;
  const auto is_stem = [&](std::string_view s) {
    return ascii::EqualsFolded(word.substr(0, 3), s);
  };
  const auto is_end = [&](std::string_view s) { return ascii::EqualsFolded(word.substr(3), s); };
  if (std::none_of(std::begin(stem_list), std::end(stem_list), is_stem)) return false;
  if (std::none_of(std::begin(end_list), std::end(end_list), is_end)) return false;
  reader = ahead;
  return true;
}
bool TakeMonth(Reader& reader) { return TakeName(reader, kMonths, kMonthEnds); }
bool TakeDay(Reader& reader) { return TakeName(reader, kDays, kDayEnds); }

bool TakeYear(Reader& reader) {
  Reader ahead = reader;
  const std::string_view digits = ahead.TakeWhile(IsDigit);
  if (digits.size() != 4 || !(digits.starts_with("19") || digits.starts_with("20"))) return false;
  reader = ahead;
  return true;
}

// AM or PM after at most one space.
bool TakeHalf(Reader& reader) {
  Reader ahead = reader;
  ahead.Take(' ');
  if (!ahead.TakeAny("aApP") || !ahead.TakeAny("mM") || IsAlnum(ahead.peek())) return false;
  reader = ahead;
  return true;
}

// hh:mm[:ss[.fraction]] [AM]
bool TakeClock(Reader& reader, bool needs_seconds) {
  Reader ahead = reader;
  if (!ahead.TakeSmall(24) || !ahead.Take(':')) return false;
  if (ahead.rest().size() < 2 || !IsDigit(ahead.rest()[1]) || !ahead.TakeSmall(59)) return false;
  bool sure = !needs_seconds;
  Reader seconds = ahead;
  if (seconds.Take(':') && seconds.rest().size() >= 2 && IsDigit(seconds.rest()[1]) &&
      seconds.TakeSmall(60)) {
    sure = true;
    ahead = seconds;
    if (seconds.TakeAny(".,") && seconds.TakeDigits(1, 9)) ahead = seconds;
  }
  if (TakeHalf(ahead)) sure = true;
  if (!sure) return false;
  reader = ahead;
  return true;
}

// Z, UTC, GMT+0100 (Central European Time), +01:00, EST
void TakeZone(Reader& reader) {
  Reader ahead = reader;
  if (ahead.Take('Z') && !IsAlnum(ahead.peek())) {
    reader = ahead;
    return;
  }
  ahead = reader;
  ahead.Take(' ');
  bool zone = false;
  for (const std::string_view name : {"UTC", "GMT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST",
                                      "PDT", "CET", "CEST", "BST", "IST", "JST"}) {
    Reader named = ahead;
    if (!named.TakeText(name) || IsAlnum(named.peek())) continue;
    ahead = named;
    zone = true;
    break;
  }
  Reader offset = ahead;
  if (offset.TakeAny("+-") && offset.TakeDigits(2, 4)) {
    ahead = offset;
    if (offset.Take(':') && offset.TakeDigits(2, 2)) ahead = offset;
    zone = true;
  }
  if (!zone) return;
  reader = ahead;
  Reader comment = ahead;
  if (comment.TakeText(" (") &&
      !comment.TakeWhile([](char c) { return IsAlpha(c) || c == ' '; }, 48).empty() &&
      comment.Take(')')) {
    reader = comment;
  }
}

// The time of day after a date, if any.
void TakeTimeOfDay(Reader& reader) {
  Reader ahead = reader;
  if (!ahead.TakeAny("T ,_:")) return;
  ahead.Take(' ');
  Reader clock = ahead;
  if (!TakeClock(clock, false)) {
    if (!ahead.TakeText("at ") || !TakeClock(ahead, false)) return;
    clock = ahead;
  }
  TakeZone(clock);
  reader = clock;
}

// 2024-01-31, 2024/01/31, 20240131T101500Z
bool TakeYearFirst(Reader& reader) {
  Reader ahead = reader;
  if (ahead.rest().size() >= 15 && ahead.rest()[8] == 'T') {
    Reader basic = ahead;
    if (basic.TakeDigits(8, 8) && basic.Take('T') && basic.TakeDigits(6, 6)) {
      basic.Take('Z');
      reader = basic;
      return true;
    }
  }
  if (!TakeYear(ahead)) return false;
  const char separator = ahead.peek();
  if (!ahead.TakeAny("-/") || !ahead.TakeSmall(12) || !ahead.Take(separator) ||
      !ahead.TakeSmall(31)) {
    return false;
  }
  TakeTimeOfDay(ahead);
  reader = ahead;
  return true;
}

// 31/01/2024, 31.01.2024, 31 Jan 2024, 31-Jan-24, 31/Jan/2024:10:15:00 +0000
bool TakeDayFirst(Reader& reader) {
  Reader ahead = reader;
  if (!ahead.TakeSmall(31)) return false;
  const char separator = ahead.peek();
  if (!ahead.TakeAny("/. -")) return false;
  if (IsAlpha(ahead.peek())) {
    if (!TakeMonth(ahead)) return false;
    ahead.Take('.');
    Reader year = ahead;
    if (year.TakeAny("/ -,") && (year.Take(' '), year.TakeDigits(2, 4)))
      ahead = year;
    else if (separator != ' ')
      return false;
  } else {
    if (separator == ' ' || separator == '-' || !ahead.TakeSmall(31) || !ahead.Take(separator) ||
        !TakeYear(ahead)) {
      return false;
    }
  }
  TakeTimeOfDay(ahead);
  reader = ahead;
  return true;
}

// Jan 31, 2024; Jan 31 10:15:00 2024; January 31
bool TakeMonthFirst(Reader& reader) {
  Reader ahead = reader;
  if (!TakeMonth(ahead)) return false;
  ahead.Take('.');
  if (!ahead.Take(' ')) return false;
  ahead.Take(' ');
  if (!ahead.TakeSmall(31)) return false;
  Reader year = ahead;
  year.Take(',');
  if (year.Take(' ') && TakeYear(year)) {
    ahead = year;
    TakeTimeOfDay(ahead);
  } else {
    TakeTimeOfDay(ahead);
    year = ahead;
    if (year.Take(' ') && TakeYear(year)) ahead = year;
  }
  reader = ahead;
  return true;
}

bool TakeNamedDay(Reader& reader) {
  Reader ahead = reader;
  if (!TakeDay(ahead)) return false;
  ahead.TakeAny(",.");
  if (!ahead.Take(' ')) return false;
  if (!TakeYearFirst(ahead) && !TakeDayFirst(ahead) && !TakeMonthFirst(ahead)) return false;
  reader = ahead;
  return true;
}

// datetime.datetime(2024, 1, 31, 10, 15, tzinfo=datetime.timezone.utc)
bool TakePythonDate(Reader& reader) {
  Reader ahead = reader;
  if (!ahead.TakeText("datetime.")) return false;
  if (!ahead.TakeText("datetime(") && !ahead.TakeText("date(") && !ahead.TakeText("time(") &&
      !ahead.TakeText("timedelta(")) {
    return false;
  }
  ahead.TakeWhile([](char c) { return c != ')' && c != '('; }, 120);
  if (!ahead.Take(')')) return false;
  reader = ahead;
  return true;
}

// A unit of time after a number.
bool TakeTimeUnit(Reader& reader) {
  constexpr std::string_view kUnits[] = {"ns",   "us", "\xc2\xb5s", "\xce\xbcs", "ms",
                                         "msec", "s",  "sec",       "secs"};
  for (const std::string_view unit : kUnits) {
    Reader ahead = reader;
    if (!ahead.TakeText(unit) || IsAlnum(ahead.peek()) || ahead.peek() == '_') continue;
    reader = ahead;
    return true;
  }
  Reader ahead = reader;
  if (!ahead.Take(' ')) return false;
  constexpr std::string_view kWords[] = {
      "ms",           "msec",         "s",   "sec",  "secs",   "second",  "seconds", "millisecond",
      "milliseconds", "microseconds", "min", "mins", "minute", "minutes", "hour",    "hours"};
  const std::string_view word = ahead.TakeWhile(IsAlpha);
  if (IsDigit(ahead.peek()) || ahead.peek() == '_') return false;
  if (std::find(std::begin(kWords), std::end(kWords), word) == std::end(kWords)) return false;
  reader = ahead;
  return true;
}

Match Taken(const TextPlace& place, const Reader& reader) {
  if (IsAlnum(reader.peek())) return {};
  return {place.rest().size() - reader.rest().size()};
}

}  // namespace

Match MatchDate(const TextPlace& place) {
  const char before = place.before();
  if (IsAlnum(before)) return {};
  Reader reader(place.rest());
  if (!IsDigit(reader.peek())) {
    if (TakeNamedDay(reader) || TakeMonthFirst(reader) || TakePythonDate(reader)) {
      return Taken(place, reader);
    }
    return {};
  }
  if (before == '.') return {};
  if (TakeYearFirst(reader) || TakeDayFirst(reader)) return Taken(place, reader);
  // `file.py:10:15:20` is a position in a file.
  if (before != ':' && before != '_' && TakeClock(reader, true)) {
    TakeZone(reader);
    return Taken(place, reader);
  }
  return {};
}

Match MatchDuration(const TextPlace& place) {
  const char before = place.before();
  if (IsAlnum(before) || before == '_' || before == '.') return {};
  Reader reader(place.rest());
  // 1h30m, 2m30.5s
  Reader parts = reader;
  int count = 0;
  for (const char unit : {'h', 'm', 's'}) {
    Reader part = parts;
    const bool digits = part.TakeDigits(1, 6);
    if (unit == 's' && part.Take('.')) part.TakeWhile(IsDigit);
    if (!digits || !part.Take(unit)) continue;
    ++count;
    parts = part;
  }
  if (count >= 2 && !IsAlnum(parts.peek())) return Taken(place, parts);

  if (!reader.TakeDigits(1, 18)) return {};
  Reader fraction = reader;
  if (fraction.Take('.') && fraction.TakeDigits(1, 18)) reader = fraction;
  if (!TakeTimeUnit(reader)) return {};
  return Taken(place, reader);
}

}  // namespace halo
