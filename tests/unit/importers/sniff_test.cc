// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <string>

#include "engine/importers/splitter.h"

namespace halo {
namespace {

std::string Chosen(std::string_view start) {
  const Result<const Importer*> importer = ChooseImporter(start, "x");
  return importer ? std::string((*importer)->name) : importer.error().message;
}

TEST_CASE("the content chooses the importer") {
  CHECK(Chosen(R"({"resourceSpans":[]})") == "otlp_json");
  CHECK(Chosen("\xEF\xBB\xBF\n {\n  \"resourceSpans\": [\n") == "otlp_json");
  CHECK(Chosen(R"([{"resource":{},"scope_spans":[)") == "otlp_json");
  CHECK(Chosen(R"({"traceId":"1","spanId":"2","startTimeUnixNano":"3"})") == "otlp_json");
}

TEST_CASE("HALO lines are told from OTLP spans in snake_case") {
  CHECK(Chosen(R"({"trace_id":"t","span_id":"s","start_time":"2026-01-01T00:00:00Z"})") ==
        "halo_jsonl");
  CHECK(Chosen(R"({"trace_id":"t","span_id":"s","attributes":{"input.value":"cut o)") ==
        "halo_jsonl");
  CHECK(Chosen(R"({"trace_id":"1","span_id":"2","start_time_unix_nano":3})") == "otlp_json");
}

TEST_CASE("a bad or foreign first line does not hide the format") {
  CHECK(Chosen("{\"a\": \"cut of\n{\"resourceSpans\":[]}\n") == "otlp_json");
  CHECK(Chosen("starting up\n{\"level\":\"info\"}\n\n{\"resourceSpans\":[]}\n") == "otlp_json");
}

TEST_CASE("a document that goes on behind what is looked at is known by its first keys") {
  std::string text = "{\n  \"resourceSpans\": [\n    {\n      \"resource\":\n";
  while (text.size() < 100'000) text += "        {\n          \"key\": \"a\"\n        },\n";
  CHECK(Chosen(text) == "otlp_json");
}

TEST_CASE("a refusal names what was seen and what is accepted") {
  using Catch::Matchers::Contains;
  const auto refused = [](std::string_view start, const char* seen) {
    INFO(start.substr(0, 60));
    const std::string message = Chosen(start);
    CHECK_THAT(message, Contains(seen));
    CHECK_THAT(message, Contains("otlp_json: "));
  };
  using namespace std::string_view_literals;
  refused("", "empty");
  refused(" \n\n", "empty");
  refused("\0\1\2\3binary"sv, "binary data");
  refused("PAR1abcdef", "Parquet");
  refused("PK\3\4xyz", "ZIP");
  refused("id,name,started\n1,a,2\n", "CSV");
  refused("<!DOCTYPE html><html><body>Sign in</body></html>", "HTML");
  refused("<?xml version='1.0'?>", "XML");
  refused("# Title\n{}\n", "plain text");
  refused("2026-01-01 12:00 INFO started\n", "plain text: \"2026-01-01 12:00 INFO started\"");
  refused(R"({"data":[{"traceID":"1","spans":[]}]})", "Jaeger");
  refused(R"([{"traceId":"1","id":"2","localEndpoint":{}}])", "Zipkin");
  refused(R"({"trace":{"id":"1"},"observations":[]})", "Langfuse");
  refused(R"({"resourceLogs":[]})", "OTLP logs");
  refused(R"({"resourceMetrics":[]})", "OTLP metrics");
  refused(R"({"name":"x","context":{"trace_id":"0x1"},"parent_id":null})", "console");
  refused(R"({"foo":1,"bar":2})", "keys \"foo\", \"bar\"");
  refused("[1,2,3]", "a JSON array without objects");
  refused("\xFF\xFE{\0"sv, "UTF-16");
}

TEST_CASE("control characters of the input do not reach the message") {
  CHECK(Chosen("a\x1B[31mred\x07\n").find('\x1B') == std::string::npos);
}

}  // namespace
}  // namespace halo
