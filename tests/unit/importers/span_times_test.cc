// SPDX-License-Identifier: MIT
#include "engine/importers/span_times.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>

#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

constexpr std::int64_t kSecond = 1'764'100'000;  // 2025-11-25T19:46:40Z
constexpr std::int64_t kNs = kSecond * 1'000'000'000;

TEST_CASE("the size of a number tells the unit of an instant") {
  const struct {
    std::int64_t number;
    TimeUnit unit;
  } rows[] = {
      {kSecond, TimeUnit::kSeconds},
      {kSecond * 1'000, TimeUnit::kMillis},
      {kSecond * 1'000'000, TimeUnit::kMicros},
      {kNs, TimeUnit::kNanos},
      {946'684'800, TimeUnit::kSeconds},
      {946'684'799, TimeUnit::kNone},
      {4'102'444'799, TimeUnit::kSeconds},
      {4'102'444'800, TimeUnit::kNone},
      {4'102'444'799'999, TimeUnit::kMillis},
      {4'102'444'800'000, TimeUnit::kNone},
      {1, TimeUnit::kNone},
      {86'400'000'000, TimeUnit::kNone},
      {-kNs, TimeUnit::kNone},
      {std::numeric_limits<std::int64_t>::max(), TimeUnit::kNone},
  };
  for (const auto& row : rows) {
    INFO(row.number);
    CHECK(TimeUnitOf(row.number) == row.unit);
  }
}

TEST_CASE("instants are read from numbers, texts of numbers and dates") {
  using Kind = Moment::Kind;
  const struct {
    const char* text;
    bool ok;
    Kind kind;
    std::int64_t ns;
  } rows[] = {
      {"1764100000000000000", true, Kind::kKnown, kNs},
      {"1764100000000000", true, Kind::kKnown, kNs},
      {"1764100000000", true, Kind::kKnown, kNs},
      {"1764100000", true, Kind::kKnown, kNs},
      {"1764100000.25", true, Kind::kKnown, kNs + 250'000'000},
      {"1764100000.123", true, Kind::kKnown, kNs + 123'000'000},
      {"1764100000.123456", true, Kind::kKnown, kNs + 123'456'000},
      {"1764100000000.5", true, Kind::kKnown, kNs + 500'000},
      {"1.7641e18", true, Kind::kKnown, kNs},
      {"2025-11-25T19:46:40Z", true, Kind::kKnown, kNs},
      {"2025-11-25T20:46:40.5+01:00", true, Kind::kKnown, kNs + 500'000'000},
      {"", true, Kind::kAbsent, 0},
      {"0", true, Kind::kAbsent, 0},
      {"1", true, Kind::kImplausible, 0},
      {"0.5", true, Kind::kImplausible, 0},
      {"9223372036854775807", true, Kind::kImplausible, 0},
      {"18446744073709551615", true, Kind::kImplausible, 0},
      {"1970-01-01T00:00:01Z", true, Kind::kImplausible, 0},
      {"0001-01-01T00:00:00Z", true, Kind::kImplausible, 0},
      {"2300-01-01T00:00:00Z", true, Kind::kImplausible, 0},
      {"9999-12-31T23:59:59Z", true, Kind::kImplausible, 0},
      {"-1764100000", false, Kind::kAbsent, 0},
      {"-0.5", false, Kind::kAbsent, 0},
      {"nan", false, Kind::kAbsent, 0},
      {"soon", false, Kind::kAbsent, 0},
      {"2025-13-01T00:00:00Z", false, Kind::kAbsent, 0},
      {"1764100000 s", false, Kind::kAbsent, 0},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    Moment moment;
    CHECK(ReadMoment(std::string_view(row.text), moment) == row.ok);
    if (!row.ok) continue;
    CHECK(moment.kind == row.kind);
    if (row.kind == Kind::kKnown) CHECK(moment.ns == row.ns);
  }
}

// The lines of the dump with times and rejects.
std::string TimesOf(const std::string& input) {
  const std::string dump = ReadInput(input);
  std::string out;
  for (std::size_t at = 0; at < dump.size();) {
    const std::size_t end = dump.find('\n', at);
    const std::string line = dump.substr(at, end - at);
    if (line.starts_with("  time ") || line.starts_with("  event ")) out += line.substr(2) + "\n";
    if (line.starts_with("reject ")) out += line.substr(0, line.find(" at ")) + "\n";
    at = end + 1;
  }
  return out;
}

struct SpanTimes {
  const char* start;  // JSON
  const char* end;
  const char* event;
  const char* expected;
};

constexpr SpanTimes kSpanTimes[] = {
    {R"("1764100000000")", R"("1764100010000")", "1764100005000",
     "time 1764100000000000000 to 1764100010000000000\nevent e at 1764100005000000000\n"},
    {"1764100000000000", "1764100010000000", R"("1764100005000000")",
     "time 1764100000000000000 to 1764100010000000000\nevent e at 1764100005000000000\n"},
    {"1764100000.5", R"("1764100010.25")", "1764100005.5",
     "time 1764100000500000000 to 1764100010250000000\nevent e at 1764100005500000000\n"},
    {"1.7641e18", "1764100010000000000", "1764100005000000000",
     "time 1764100000000000000 to 1764100010000000000\nevent e at 1764100005000000000\n"},
    {R"("2025-11-25T19:46:40Z")", R"("2025-11-25T19:46:50Z")", R"("2025-11-25T19:46:45Z")",
     "time 1764100000000000000 to 1764100010000000000\nevent e at 1764100005000000000\n"},
    // A date needs no unit.
    {R"("2025-11-25T19:46:40Z")", "1764100010000", "null",
     "time 1764100000000000000 to 1764100010000000000\nevent e at 0\n"},
    // Still open.
    {"1764100000000", "0", "0", "time 1764100000000000000 to 0\nevent e at 0\n"},
    {"1764100000000", "null", "null", "time 1764100000000000000 to 0\nevent e at 0\n"},
    // The end in another unit than the start, and implausible times: dropped and counted.
    {"1764100000000000000", "1764100010000", "null",
     "time 1764100000000000000 to -1\nevent e at 0\nreject implausible_time\n"},
    {"1764100000", "1764100010000000000", "null",
     "time 1764100000000000000 to -1\nevent e at 0\nreject implausible_time\n"},
    {"1", "1764100010000000000", "null",
     "time 0 to 1764100010000000000\nevent e at 0\nreject implausible_time\n"},
    {"5000000000", "15000000000", "null",
     "time 0 to -1\nevent e at 0\nreject implausible_time\nreject implausible_time\n"},
    {"1764100000000000000", "18446744073709551615", "12",
     "time 1764100000000000000 to -1\nevent e at 0\nreject implausible_time\n"
     "reject implausible_time\n"},
    // Without a valid time, the span is refused.
    {"-5", "1764100010000000000", "null", "reject invalid_timestamp\n"},
    {R"("soon")", "1764100010000000000", "null", "reject invalid_timestamp\n"},
};

TEST_CASE("OTLP: times of a span and its events in any unit and spelling") {
  for (const SpanTimes& row : kSpanTimes) {
    INFO(row.start << " " << row.end << " " << row.event);
    const std::string span = std::string(R"({"traceId":"0a","spanId":"01","name":"x",)") +
                             R"("startTimeUnixNano":)" + row.start + R"(,"endTimeUnixNano":)" +
                             row.end + R"(,"events":[{"name":"e","timeUnixNano":)" + row.event +
                             "}]}";
    CHECK(TimesOf(R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + span + "]}]}]}\n") ==
          row.expected);
    CHECK(TimesOf(span + "\n") == row.expected);
  }
}

TEST_CASE("HALO lines: times of a span and its events in any unit and spelling") {
  for (const SpanTimes& row : kSpanTimes) {
    INFO(row.start << " " << row.end << " " << row.event);
    CHECK(TimesOf(std::string(R"({"trace_id":"0a","span_id":"01","name":"x","start_time":)") +
                  row.start + R"(,"end_time":)" + row.end +
                  R"(,"events":[{"name":"e","timestamp":)" + row.event + "}]}\n") == row.expected);
  }
}

}  // namespace
}  // namespace halo
