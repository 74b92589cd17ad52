// SPDX-License-Identifier: MIT
// Spans that a console or log mixes with other text: every span is read, every other line counted.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

// As the SDK for Python prints it, on lines of their own or on one.
std::string PythonSpan(int number, bool on_lines) {
  const std::string feed = on_lines ? "\n" : "", in = on_lines ? "\n    " : "";
  const std::string inner = on_lines ? "\n        " : "";
  return "{" + in + R"("name": "chat",)" + in + R"("context": {)" + inner +
         R"("trace_id": "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)" + inner +
         R"("span_id": "0x000000000000000)" + std::to_string(number) + "\"," + inner +
         R"("trace_state": "[]")" + in + "}," + in + R"("kind": "SpanKind.CLIENT",)" + in +
         R"("parent_id": null,)" + in + R"("start_time": "2026-01-01T00:00:00Z",)" + in +
         R"("end_time": "2026-01-01T00:00:01Z",)" + in + R"("status": {)" + inner +
         R"("status_code": "UNSET")" + in + "}," + in + R"("attributes": {)" + inner +
         R"("list": [)" + inner + "1," + inner + "2" + inner + "]," + inner + R"("x": "{[")" + in +
         "}," + in + R"("events": [],)" + in + R"("links": [],)" + in + R"("resource": {})" + feed +
         "}";
}

std::size_t Count(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
  return count;
}

// Puts "@" in `shape` for each span.
std::string Fill(std::string_view shape, bool on_lines) {
  std::string text;
  int number = 0;
  for (const char c : shape) {
    if (c == '@') {
      text += PythonSpan(++number, on_lines);
    } else {
      text += c;
    }
  }
  return text;
}

TEST_CASE("lines of a log beside spans cost themselves alone") {
  struct Case {
    const char* what;
    const char* shape;
    std::size_t not_json, not_spans, invalid;
  };
  const Case cases[] = {
      {"none", "@\n@\n", 0, 0, 0},
      {"a line first", "INFO starting\n@\n@\n", 1, 0, 0},
      {"lines between and behind", "@\nINFO {x}\n\nWARN [1]\n@\nbye", 3, 0, 0},
      {"a time in brackets", "[2026-01-01 10:00:00] INFO on {\n@\n[main] INFO: x\n@\n", 2, 0, 0},
      {"a byte order mark", "\xEF\xBB\xBF@\n@\n", 0, 0, 0},
      {"a byte order mark and a line", "\xEF\xBB\xBFhello\n@\n@\n", 1, 0, 0},
      {"colours", "\x1B[32mINFO\x1B[0m x\n\x1B[0;1m@\x1B[0m\n\x1B[31m@\x1B[0m\n\x1B[0mbye", 2, 0,
       0},
      {"a traceback behind", "@\n@\nTraceback (most recent call last):\n  File \"x\", line 1\n", 2,
       0, 0},
      {"a log in JSON", "{\"level\":\"info\",\"msg\":\"a\"}\n@\n{\"level\":\"info\"}\n@\n", 0, 2,
       0},
      {"text behind a span", "@ done\n@ , ok\n", 2, 0, 0},
      {"CRLF", "INFO\r\n@\r\nWARN\r\n@\r\n", 2, 0, 0},
      {"a template", "{{x}}\n{% y %}\n@\n@\n", 2, 0, 0},
      {"a broken line", "{\"a\": 1]\n@\n@\n", 0, 0, 1},
  };
  for (const Case& c : cases) {
    for (const bool on_lines : {false, true}) {
      CAPTURE(c.what, on_lines);
      const std::string input = Fill(c.shape, on_lines);
      const std::string read = ReadInput(input);
      CAPTURE(read);
      CHECK(Count(read, "span aaaa") == 2);
      CHECK(Count(read, "reject ") == c.not_json + c.not_spans + c.invalid);
      CHECK(Count(read, "reject not_json") == c.not_json);
      CHECK(Count(read, "reject not_a_span") == c.not_spans);
      CHECK(Count(read, "reject invalid_json") == c.invalid);
    }
  }
}

TEST_CASE("spans behind many lines of a log are found") {
  for (const std::string_view line : {"INFO 17 things\n", "{\"level\":\"info\"}\n", "[x] {y}\n"}) {
    for (const bool on_lines : {false, true}) {
      std::string input;
      for (int i = 0; i < 60; ++i) input += line;
      input += Fill("@\n@\n@\n", on_lines);
      for (int i = 0; i < 100; ++i) input += line;
      const std::string read = ReadInput(input);
      CAPTURE(line, on_lines);
      CHECK(Count(read, "span aaaa") == 3);
      CHECK(Count(read, "reject ") == 160);
    }
  }
}

TEST_CASE("documents may follow any number of lines") {
  // More than is examined before the first record is cut.
  std::string input;
  for (int i = 0; i < 200'000; ++i) input += i % 2 == 0 ? "INFO on\n" : "{\"level\":\"info\"}\n";
  input += Fill("@\n@\n", true);
  std::size_t records = 0, spans = 0;
  for (const RecordBatch& batch : SplitInput(input)) {
    records += batch.records.size();
    for (const Record& record : batch.records) spans += record.bytes.starts_with("{\n");
  }
  CHECK(spans == 2);
  CHECK(records == 200'002);
}

}  // namespace
}  // namespace halo
