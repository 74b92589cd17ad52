// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;

bool EndsWithFolded(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         ascii::EqualsFolded(text.substr(text.size() - lower.size()), lower);
}

// Words before a number that is a code: of HTTP, a process, the operating system or JSON-RPC.
constexpr std::string_view kCodeWords[] = {"code", "status", "errno", "signal",     "returncode",
                                           "exit", "http",   "rc",    "http_status"};

// Words that a failing HTTP status may follow.
constexpr std::string_view kStatusWords[] = {"error",    "got",      "received",
                                             "response", "returned", "with"};

// Reason phrases that follow HTTP status codes.
constexpr std::string_view kReasons[] = {
    "Bad Gateway",  "Bad Request",         "Client Error",
    "Conflict",     "Forbidden",           "Gateway Time",
    "Gone",         "Internal Server",     "Method Not",
    "Moved",        "Not Found",           "Not Implemented",
    "OK",           "Payload Too",         "Payment Required",
    "Precondition", "Request Entity",      "Request Time",
    "Server Error", "Service Unavailable", "Too Many",
    "Unauthorized", "Unprocessable",       "Unsupported Media"};

// Units that are joined to a number.
constexpr std::string_view kUnits[] = {"b",   "kb",  "mb", "gb", "tb", "kib", "mib",
                                       "gib", "tib", "k",  "m",  "h",  "px",  "x"};

// Names that contain a number which is not a count.
constexpr std::string_view kNamedNumbers[] = {"utf", "iso", "sha", "md", "base", "http/"};

bool IsHttpStatus(std::string_view digits) {
  return digits.size() == 3 && digits[0] >= '1' && digits[0] <= '5';
}

// Whether the number at `place` names an error.
bool IsCode(const TextPlace& place, std::string_view number, std::string_view after) {
  const std::string_view digits = number.starts_with('-') ? number.substr(1) : number;
  const std::string_view word = WordBefore(place);
  if (digits.size() <= 7) {
    for (const std::string_view code : kCodeWords) {
      if (EndsWithFolded(word, code)) return true;
    }
  }
  if (number.starts_with("-32") && digits.size() == 5) return true;  // JSON-RPC
  if (!IsHttpStatus(digits)) return false;
  // "returned 503", but not "returned 500 rows".
  const bool counts = after.size() >= 2 && after[0] == ' ' && ascii::IsLower(after[1]);
  const bool fails = digits[0] == '4' || digits[0] == '5';
  for (const std::string_view verb : kStatusWords) {
    if (fails && !counts && ascii::EqualsFolded(word, verb)) return true;
  }
  Reader reader(after);
  reader.TakeAny(":,");
  reader.TakeAny(" -(");
  return std::any_of(std::begin(kReasons), std::end(kReasons),
                     [&](std::string_view reason) { return reader.rest().starts_with(reason); });
}

// The length of the unit joined to a number; npos if something else is joined to it.
std::size_t UnitLength(std::string_view after) {
  const std::string_view word = Reader(after).TakeWhile(ascii::IsWord, 8);
  if (word.empty() || word[0] == '-') return 0;
  for (const std::string_view unit : kUnits) {
    if (ascii::EqualsFolded(word, unit)) return 0;
  }
  return std::string_view::npos;
}

// Whether a number may begin at `place`: not inside a word, a version or a name.
bool MayBegin(const TextPlace& place) {
  const char before = place.before();
  if (IsAlnum(before)) return false;
  if (before == '.' && IsAlnum(place.before(2))) return false;
  if (before != '-' && before != '_' && before != '/') return true;
  std::string_view ahead = place.text.substr(0, place.at);
  for (const std::string_view name : kNamedNumbers) {
    const std::string_view stem = name.ends_with('/') ? ahead : ahead.substr(0, ahead.size() - 1);
    if (EndsWithFolded(stem, name) &&
        !(stem.size() > name.size() && IsAlnum(stem[stem.size() - name.size() - 1])))
      return false;
  }
  return true;
}

// Whether `place` is behind the point of a path into JSON: the 4 of `messages.4.content`, but not
// the 11 of `python3.11` or the 1 of `libc.so.1`.
bool IsIndex(const TextPlace& place) {
  if (place.before() != '.') return false;
  std::size_t letters = 0;
  while (IsAlpha(place.before(letters + 2))) ++letters;
  return letters >= 3 && !IsDigit(place.before(letters + 2));
}

// The sign of a number: a hyphen that does not join words.
bool HasSign(const TextPlace& place) {
  return place.rest().starts_with('-') && !ascii::IsWord(place.before()) && place.before() != '>' &&
         place.before() != ')';
}

}  // namespace

std::string_view WordBefore(const TextPlace& place) {
  constexpr auto kBetween = [] {
    std::array<bool, 256> between{};
    for (const char c : {' ', '"', '\'', '`', ':', '=', '(', '[', '#', '\\'}) {
      between[static_cast<unsigned char>(c)] = true;
    }
    return between;
  }();
  std::size_t end = place.at;
  while (end > 0 && place.at - end < 8 &&
         kBetween[static_cast<unsigned char>(place.text[end - 1])]) {
    --end;
  }
  std::size_t begin = end;
  while (begin > 0 && end - begin < 32 && (ascii::IsWord(place.text[begin - 1]))) --begin;
  return place.text.substr(begin, end - begin);
}

Match MatchFloat(const TextPlace& place) {
  if (!MayBegin(place)) return {};
  Reader reader(place.rest());
  if (HasSign(place)) reader.Take('-');
  if (reader.TakeWhile(IsDigit).empty()) return {};
  std::size_t points = 0;
  Reader ahead = reader;
  while (ahead.Take('.') && !ahead.TakeWhile(IsDigit).empty()) {
    reader = ahead;
    ++points;
  }
  Reader exponent = reader;
  if (exponent.TakeAny("eE") && (exponent.TakeAny("+-"), exponent.TakeDigits(1, 3))) {
    reader = exponent;
    ++points;
  }
  if (points == 0 || UnitLength(reader.rest()) != 0) return {};
  return {place.rest().size() - reader.rest().size()};
}

Match MatchInt(const TextPlace& place) {
  if (!MayBegin(place) && !IsIndex(place)) return {};
  // A number is part of a code if it follows a sign that could not begin the match.
  if (place.before() == '-' && HasSign({place.text, place.at - 1})) return {};
  Reader reader(place.rest());
  if (HasSign(place)) reader.Take('-');
  const std::size_t first = reader.TakeWhile(IsDigit).size();
  if (first == 0) return {};
  // 1,234,567; a list such as [1,234] has no space before it.
  const char before = place.before();
  if (first <= 3 && (before == ' ' || before == '\0' || before == '$')) {
    Reader group = reader;
    while (group.Take(',') && group.TakeDigits(3, 3)) reader = group;
  }
  if (UnitLength(reader.rest()) != 0) return {};
  const std::string_view number =
      place.rest().substr(0, place.rest().size() - reader.rest().size());
  if (IsCode(place, number, reader.rest())) return {};
  return {number.size()};
}

Match MatchCounter(const TextPlace& place) {
  constexpr std::string_view kCounters[] = {
      "agent", "attempt", "batch", "call",      "case",   "chunk",    "example", "idx",
      "index", "item",    "iter",  "iteration", "job",    "line",     "loop",    "message",
      "msg",   "node",    "page",  "part",      "query",  "question", "req",     "request",
      "retry", "round",   "row",   "run",       "sample", "session",  "step",    "subtask",
      "task",  "thread",  "trial", "try",       "turn",   "worker"};
  if (!IsAlpha(place.before())) return {};
  Reader reader(place.rest());
  const std::size_t digits = reader.TakeWhile(IsDigit).size();
  if (digits == 0 || IsAlnum(reader.peek())) return {};
  std::size_t begin = place.at;
  while (begin > 0 && place.at - begin < 12 && IsAlpha(place.text[begin - 1])) --begin;
  const std::string_view word = place.text.substr(begin, place.at - begin);
  const bool counter =
      std::any_of(std::begin(kCounters), std::end(kCounters),
                  [&](std::string_view name) { return ascii::EqualsFolded(word, name); });
  return {counter ? digits : 0};
}

}  // namespace halo
