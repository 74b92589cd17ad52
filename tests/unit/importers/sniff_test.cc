// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <string>

#include "engine/framing/splitter.h"
#include "engine/importers/choose_importer.h"

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

TEST_CASE("each format is told from its neighbours") {
  struct Case {
    const char* name;
    const char* start;
  };
  const Case cases[] = {
      {"otlp_json", R"({"batches":[{"resource":{},"scopeSpans":[]}]})"},
      {"otlp_json", R"({"trace":{"resourceSpans":[]}})"},
      {"sdk_python_json", R"({"name":"a","context":{"trace_id":"0x1","span_id":"0x2"},"kind":"S")"},
      {"phoenix_json",
       R"({"context":{"trace_id":"1","span_id":"2"},"span_kind":"LLM","parent_id":)"},
      {"phoenix_json",
       R"({"data":[{"id":"x","name":"a","context":{},"span_kind":"LLM","parent_id":"")"},
      {"phoenix_json", R"({"name":"a","context.trace_id":"1","attributes.x":1})"},
      {"sdk_js_json", R"({"resource":{},"traceId":"1","id":"2","timestamp":3,"duration":4})"},
      {"sdk_js_json", R"([{"_spanContext":{"traceId":"1","spanId":"2"},"name":"a"}])"},
      {"sdk_go_json", R"({"Name":"a","SpanContext":{"TraceID":"1","SpanID":"2"}})"},
      {"jaeger_json", R"({"data":[{"traceID":"1","spans":[]}]})"},
      {"jaeger_json", R"({"spans":[{"traceId":"1","spanId":"2","operationName":"a"}]})"},
      {"jaeger_json", R"({"traceID":"1","spanID":"2","operationName":"a"})"},
      {"langsmith_json", R"({"post":[{"id":"1","run_type":"llm"}],"patch":[]})"},
      {"langsmith_json", R"({"post":[],"patch":[{"trace_id":"1","dotted_order":"x"}]})"},
      {"langsmith_json", R"({"id":"1","run_type":"llm","trace_id":"1"})"},
      {"langfuse_json", R"({"trace":{"id":"1"},"observations":[]})"},
      {"langfuse_json", R"({"data":[{"id":"1","timestamp":"x","htmlPath":"/"}],"meta":{}})"},
      {"langfuse_json", R"({"id":"1","traceId":"2","startTime":"x","type":"SPAN"})"},
      {"langfuse_json", R"({"id":"1","timestamp":"x","observations":[{"id":"o"}]})"},
      {"span_tree_json", R"({"trace_id":"1","spans":[{"span_id":"2","span_name":"a"}]})"},
      {"span_tree_json",
       R"({"trace_id":"1","span_id":"2","name":"a","start_time":"x","children":[]})"},
      {"halo_jsonl",
       R"({"trace_id":"1","span_id":"2","name":"a","start_time":"x","attributes":{}})"},
  };
  for (const Case& one : cases) {
    INFO(one.start);
    CHECK(Chosen(one.start) == one.name);
  }
}

TEST_CASE("what only shares keys with a format is not taken for it") {
  for (const char* const start :
       {R"({"data":[{"id":1,"name":"a"}]})", R"({"data":{"id":1}})", R"({"trace":"x"})",
        R"({"id":1,"name":"a","children":[]})", R"({"spans":["a"]})", R"({"context":"x"})",
        R"({"post":"x","patch":1})", R"([{"traceId":"1","id":"2","localEndpoint":{}}])",
        R"({"observations":[1,2,3]})", R"({"id":1,"timestamp":"x"})"}) {
    INFO(start);
    CHECK(Chosen(start).find("holds no traces") != std::string::npos);
  }
}

TEST_CASE("chat transcripts are known by a list of messages") {
  CHECK(Chosen(R"([{"role":"user","content":"Hi"}])") == "chat_transcript");
  CHECK(Chosen(R"([[{"role":"user","content":"Hi"}]])") == "chat_transcript");
  CHECK(Chosen(R"({"id":"a","messages":[{"role":"user","content":"Hi"}]})") == "chat_transcript");
  CHECK(Chosen(R"([{"task_id":0,"reward":0.0,"traj":[]}])") == "chat_transcript");
  CHECK(Chosen(R"([{"task_id":0,"reward":0.0,"info":{"task":"cut o)") == "chat_transcript");
  CHECK(Chosen(R"({"role":"user","content":"Hi"})") == "chat_lines");
  CHECK(Chosen(R"({"info":{"agent_info":{},"user_info":{}},"tasks":[)") == "tau2_results");
  CHECK(Chosen(R"({"messages":"none"})") != "chat_transcript");
  CHECK(Chosen(R"({"messages":[{"role":"user","content":"Hi"}],"response":{}})") !=
        "chat_transcript");
  CHECK(Chosen(R"({"messages":[{"id":1,"text":"an inbox"}]})") != "chat_transcript");
  CHECK(Chosen(R"({"role":"admin","name":"x"})") != "chat_lines");
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

TEST_CASE("what is recognised but not read is refused with what to do") {
  struct Case {
    const char* start;
    const char* seen;
    const char* advice;
  };
  const Case cases[] = {
      {R"({"history":[{"role":"user","content":"Hi"}]})", "chat history", "jq .history"},
      {R"([{"history":[{"role":"user","content":"Hi"}]}])", "chat history", "jq .history"},
      {R"({"instance_id":"a","history":[{"id":0,"action":"run","args":{}}]})", "OpenHands",
       "export with OTLP"},
      {R"([{"id":0,"source":"agent","action":"run","args":{}}])", "OpenHands", "export with OTLP"},
      {R"([{"id":0,"source":"agent","observation":"run"}])", "OpenHands", "export with OTLP"},
      {R"({"environment":"x","trajectory":[],"history":[{"role":"user"}],"info":{}})", "SWE-agent",
       "jq .history"},
      {R"({"schema_version":"ATIF-v1.4","session_id":"s","steps":[]})", "ATIF", "export with OTLP"},
      {R"([{"step_id":1,"source":"user","message":"Hi"}])", "ATIF", "chat messages"},
      {R"({"version":2,"eval":{},"samples":[]})", "Inspect", "jq '[.samples[].messages]'"},
      {R"({"version":2,"status":"success","eval":{},"plan":{}})", "Inspect", "without samples"},
      {R"({"uuid":"a","baseSpans":[],"llmSpans":[]})", "DeepEval", "export with OTLP"},
      {R"({"messages":[],"response":{},"cost":1})", "single model calls", "last call of each run"},
      {R"([{"span_id":"1","name":"a","start_time":"2026-01-01T00:00:00Z"}])", "without trace ids",
       R"({"trace_id": ..., "spans": [...]})"},
      {R"([{"spanId":"1","name":"a"}])", "without trace ids", "export with OTLP"},
      {R"([{"id":"1","parent_id":null,"name":"a"}])", "without trace ids", "export with OTLP"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.start);
    bool holds_traces = false;
    const auto found = ChooseImporter(c.start, "t.json", &holds_traces);
    REQUIRE(!found);
    const std::string said = found.error().message.substr(0, found.error().message.find('\n'));
    CHECK_THAT(said, Catch::Matchers::Contains(c.seen) && Catch::Matchers::Contains(c.advice));
    CHECK(holds_traces);
  }
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
  refused("PAR1abcdef", "to_json('FILE.jsonl', orient='records', lines=True");
  refused("PK\3\4xyz", "ZIP");
  refused("id,name,started\n1,a,2\n", "CSV");
  refused("<!DOCTYPE html><html><body>Sign in</body></html>", "HTML");
  refused("<?xml version='1.0'?>", "XML");
  refused("# Title\n{}\n", "plain text");
  refused("2026-01-01 12:00 INFO started\n", "plain text: \"2026-01-01 12:00 INFO started\"");
  refused(R"([{"traceId":"1","id":"2","localEndpoint":{}}])", "Zipkin");
  refused(R"({"resourceMetrics":[]})", "OTLP metrics");
  refused(R"({"name":{"0":"a"},"context.trace_id":{"0":"1"}})", "orient='records'");
  refused("{\n  resource: {\n    attributes: {}\n  },\n  traceId: '0a',\n  duration: 7,\n}\n",
          "write JSON.stringify(span)");
  refused("Activity.TraceId:            0a\nActivity.SpanId:             0b\n", ".NET");
  refused(R"({"foo":1,"bar":2})", "keys \"foo\", \"bar\"");
  refused("[1,2,3]", "a JSON array without objects");
  refused("\xFF\xFE{\0"sv, "UTF-16");
}

TEST_CASE("OTLP in the envelope of a gRPC gateway is OTLP") {
  CHECK(Chosen(R"({"result":{"resourceSpans":[{"resource":{},"scopeSpans":[)") == "otlp_json");
  CHECK(Chosen(R"({"result":{"resource_spans":[]}})") == "otlp_json");
  CHECK(Chosen("[\n {\"result\": {\n  \"resourceSpans\": []}}]") == "otlp_json");
  CHECK(Chosen("{\"result\":{}}\n{\"result\":{\"resourceSpans\":[]}}\n") == "otlp_json");
  CHECK(Chosen(R"({"result":{"answer":42}})") != "otlp_json");
  CHECK(Chosen(R"({"result":"resourceSpans"})") != "otlp_json");
}

// The start of a ZIP archive, up to the name of its first file.
std::string ZipOf(std::string_view first) {
  std::string out("PK\3\4");
  out.resize(26, '\0');
  out += static_cast<char>(first.size());
  out.append(3, '\0').append(first);
  return out;
}

std::string TarOf(std::string_view first) {
  std::string out(first);
  out.resize(257, '\0');
  return out + "ustar";
}

std::string Utf16(std::string_view ascii) {
  std::string out = "\xFF\xFE";
  for (const char c : ascii) out.append({c, '\0'});
  return out;
}

TEST_CASE("a refusal says whether it is traces, and advises only what helps") {
  using Catch::Matchers::Contains;
  using namespace std::string_literals;
  struct Case {
    std::string start, name;
    bool holds_traces;
    const char* says;
  };
  const Case cases[] = {
      {"# Agent\n\nRun it.\n", "README.md", false, "plain text"},
      {"[![badge](https://x)](y)\n# Agent\n", "README.md", false, "plain text"},
      {"MIT License\n\nCopyright\n", "LICENSE", false, "plain text"},
      {"[tool.ruff]\nline-length = 100\n", "pyproject.toml", false, "plain text"},
      {"{{ include \"x\" }}\n", "values.tpl", false, "plain text"},
      {"version: 1\nfiles:\n  - a.json\n", "manifest.yaml", false, "plain text"},
      {R"({"name":"agent","version":"1.0","files":["a.json"]})", "manifest.json", false,
       "\"name\""},
      {"file,bytes,sha256\na,1,f\n", "manifest.csv", false, "CSV"},
      {"\x89PNG\r\n\x1a\n", "shot.png", false, "PNG"},
      {"\xFF\xD8\xFF\xE0", "shot.jpg", false, "JPEG"},
      {"", "empty", false, "an empty file"},
      {R"({"resourceMetrics":[]})", "metrics.json", false, "OTLP metrics"},
      {R"({"trace_id":"a","outcome":"failure"})", "labels.jsonl", false, "halo-mcp label"},
      {"PAR1", "spans.parquet", true, "read_parquet"},
      {"PAR1", "weather.parquet", false, "read_parquet"},
      {"{\n  resource: {},\n  traceId: '0a',\n  duration: 7\n}", "log.txt", true, "no JSON"},
      {R"([{"traceId":"1","id":"2","localEndpoint":{}}])", "t.json", true, "zipkin receiver"},
      {R"({"uuid":"1","baseSpans":[]})", "t.json", true, "DeepEval"},
      {R"({"question":"why","history":[]})", "t.json", true, "an agent's events"},
      {R"({"foo":{"span_id":"1"}})", "t.json", true, "keys \"foo\""},
      {ZipOf("traces/one.jsonl"), "t.zip", true, "unpack it"},
      {ZipOf("_journal/start.json"), "t.eval", true, "an Inspect log in a ZIP archive"},
      {ZipOf("word/document.xml"), "t.docx", false, "word/document.xml"},
      {TarOf("traces/one.json"), "t.tar", true, "unpack it"},
      {TarOf("src/main.py"), "t.tar", false, "src/main.py"},
      {"BZh91AY", "traces.jsonl.bz2", true, "bzip2"},
      {"BZh91AY", "picture.bz2", false, "bzip2"},
      {Utf16(R"({"resourceSpans":[]})"), "t.json", true, "saved as UTF-8 it can be read"},
      {Utf16("id,name,day\r\n"), "t.csv", false, "UTF-16 text: CSV"},
      {"\x0A\xC8\x01\x0A\0\0\0"s, "t.pb", false, "binary data"},
  };
  for (const Case& one : cases) {
    INFO(one.name << ": " << one.says);
    bool holds_traces = !one.holds_traces;
    const Result<const Importer*> importer = ChooseImporter(one.start, one.name, &holds_traces);
    REQUIRE(!importer);
    CHECK(holds_traces == one.holds_traces);
    const std::string& message = importer.error().message;
    CHECK_THAT(message, Contains(one.says));
    const bool would_help = std::string_view(one.says) == "unpack it";
    CHECK((message.find("unpack") != std::string::npos) == would_help);
    CHECK_THAT(message, !Contains("over HTTP"));
  }
}

TEST_CASE("control characters of the input do not reach the message") {
  CHECK(Chosen("a\x1B[31mred\x07\n").find('\x1B') == std::string::npos);
}

}  // namespace
}  // namespace halo
